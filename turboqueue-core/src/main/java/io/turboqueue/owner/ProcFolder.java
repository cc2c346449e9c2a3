package io.turboqueue.owner;

import io.turboqueue.layout.PidScope;
import io.turboqueue.layout.ProcessIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Processes as Linux shows them in {@code /proc} ({@code proc(5)}); where there is no such folder, nothing is known.
 *
 * <p>That a process is gone is said only if this process sees the folder of its own PID namespace ({@code /proc/self} has its
 * number), nothing is hidden ({@code /proc/1/stat} can be read, see {@code hidepid}), and the other process was of the same
 * boot, namespaces and user. {@code ProcessHandle} is not asked: to it a zombie is alive.
 *
 * @param root where it is mounted
 * @param pid this process's number in its own namespace
 */
public record ProcFolder(Path root, long pid) implements Processes {

    /** The machine's. */
    public static final Processes SYSTEM =
            new ProcFolder(Path.of("/proc"), ProcessHandle.current().pid());

    private static final Pattern BOOT = Pattern.compile("[0-9a-f]{8}");
    private static final Pattern NAMESPACE = Pattern.compile("[a-z]+:\\[([0-9]{1,10})]");
    private static final int STATE = 0;
    private static final int THREADS = 17;
    private static final int START = 19;

    /** What matters here of {@code /proc/PID/stat}. */
    private record Stat(String state, String threads, String start) {
        /** It has ended and nobody has asked how. One whose main thread alone has ended still works. */
        boolean isZombie() {
            return (state.equals("Z") || state.equals("X")) && (threads.equals("1") || threads.equals("0"));
        }
    }

    @Override
    public ProcessIdentity self() {
        try {
            return stat("self")
                    .map(stat -> new ProcessIdentity(pid, stat.start, scope()))
                    .orElse(ProcessIdentity.unknown(pid));
        } catch (IOException unreadable) {
            return ProcessIdentity.unknown(pid);
        }
    }

    @Override
    public Sight look(ProcessIdentity process) {
        if (!process.isKnown() || !process.scope().equals(scope()) || !seesEverything()) {
            return Sight.UNKNOWN;
        }
        try {
            return stat(Long.toString(process.pid()))
                    .filter(stat -> stat.start.equals(process.start()) && !stat.isZombie())
                    .map(stat -> Sight.PRESENT)
                    .orElse(Sight.GONE);
        } catch (IOException unreadable) {
            return Sight.UNKNOWN;
        }
    }

    private boolean seesEverything() {
        try {
            String self = Files.readSymbolicLink(root.resolve("self")).toString();
            return self.equals(Long.toString(pid)) && stat("1").isPresent();
        } catch (IOException | UnsupportedOperationException unreadable) {
            return false;
        }
    }

    private PidScope scope() {
        String pids = namespace("pid");
        String times = !pids.equals(PidScope.UNKNOWN_PART) && isMissing("self/ns/time") ? "0" : namespace("time");
        return new PidScope(boot(), pids, times, namespace("user"), user());
    }

    private boolean isMissing(String name) {
        return Files.notExists(root.resolve(name), LinkOption.NOFOLLOW_LINKS);
    }

    private String boot() {
        try {
            List<String> lines = Files.readAllLines(root.resolve("sys/kernel/random/boot_id"));
            Matcher id = BOOT.matcher(lines.isEmpty() ? "" : lines.get(0));
            return id.lookingAt() ? id.group() : PidScope.UNKNOWN_PART;
        } catch (IOException unreadable) {
            return PidScope.UNKNOWN_PART;
        }
    }

    private String namespace(String kind) {
        try {
            Matcher link = NAMESPACE.matcher(
                    Files.readSymbolicLink(root.resolve("self/ns").resolve(kind))
                            .toString());
            return link.matches() ? link.group(1) : PidScope.UNKNOWN_PART;
        } catch (IOException | UnsupportedOperationException unreadable) {
            return PidScope.UNKNOWN_PART;
        }
    }

    private String user() {
        try {
            return Files.getAttribute(root.resolve("self"), "unix:uid").toString();
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException unreadable) {
            return PidScope.UNKNOWN_PART;
        }
    }

    /**
     * A process's {@code stat}; empty if there is none. The second field is the program's name in parentheses and may hold
     * anything, parentheses too.
     */
    private Optional<Stat> stat(String process) throws IOException {
        String text;
        try {
            text = Files.readString(root.resolve(process).resolve("stat"), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
        String[] fields = text.substring(text.lastIndexOf(')') + 1).strip().split(" ", -1);
        if (fields.length <= START) {
            throw new IOException("the stat of process " + process + " cannot be understood");
        }
        return Optional.of(new Stat(fields[STATE], fields[THREADS], fields[START]));
    }
}
