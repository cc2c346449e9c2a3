package io.turboqueue.examples.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** A team's project: sources that are compiled into a jar. */
final class WorkJar {

    private static final Pattern PACKAGE = Pattern.compile("package ([\\w.]+);");
    private static final Pattern TYPE = Pattern.compile("(?:class|interface) (\\w+)");

    private WorkJar() {}

    /**
     * Compiles sources, one public type each, into a jar.
     *
     * @param folder an existing one for all files
     * @param classPath what they need besides the pipeline; may be empty
     */
    static Path compile(Path folder, String name, String classPath, String... sources) throws IOException {
        Path classes = Files.createDirectories(folder.resolve(name + "-classes"));
        List<Path> files =
                Stream.of(sources).map(source -> write(folder, source)).toList();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            String all = System.getProperty("java.class.path") + File.pathSeparator + classPath;
            assertThat(compiler.getTask(
                                    messages,
                                    manager,
                                    null,
                                    List.of("-d", classes.toString(), "-cp", all, "-proc:none"),
                                    null,
                                    manager.getJavaFileObjectsFromPaths(files))
                            .call())
                    .as("%s", messages)
                    .isTrue();
        }
        Path jar = folder.resolve(name + ".jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> found = Files.walk(classes)) {
            for (Path path : found.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(path).toString()));
                Files.copy(path, out);
                out.closeEntry();
            }
        }
        return jar;
    }

    private static Path write(Path folder, String source) {
        try {
            Path file = folder.resolve("src")
                    .resolve(first(PACKAGE, source).replace('.', '/'))
                    .resolve(first(TYPE, source) + ".java");
            Files.createDirectories(file.getParent());
            return Files.writeString(file, source);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String first(Pattern pattern, String source) {
        Matcher matcher = pattern.matcher(source);
        assertThat(matcher.find()).as(source).isTrue();
        return matcher.group(1);
    }
}
