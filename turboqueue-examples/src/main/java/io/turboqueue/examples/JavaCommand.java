package io.turboqueue.examples;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines that run another main class just as this process runs: same Java binary, same class path. */
public final class JavaCommand {

    private JavaCommand() {}

    /**
     * The command line that runs {@code main} in a JVM of its own.
     *
     * @param jvmFlags flags for the JVM, as {@code -Xmx256m}
     * @param arguments what its main method gets
     */
    public static List<String> of(Class<?> main, List<String> jvmFlags, List<String> arguments) {
        return of(main.getName(), jvmFlags, arguments);
    }

    /** The same for a main class that this program is not compiled against. */
    public static List<String> of(String main, List<String> jvmFlags, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmFlags);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main);
        command.addAll(arguments);
        return List.copyOf(command);
    }
}
