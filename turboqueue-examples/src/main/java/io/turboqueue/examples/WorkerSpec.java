package io.turboqueue.examples;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ProcessGroup} runs as a worker. Immutable; each {@code with} method returns another.
 *
 * @param name its name in the log; replicas are {@code name-0}, {@code name-1} and so on
 * @param command its program and arguments; {@link #REPLICA} in an argument stands for the replica's number
 * @param environment variables besides those of this JVM
 * @param folder the working directory; null for that of this JVM
 * @param meaning what a line on standard output says of the worker; null if it says nothing, and is ready when it runs
 */
public record WorkerSpec(
        String name,
        List<String> command,
        Map<String, String> environment,
        @Nullable Path folder,
        @Nullable Function<String, Meaning> meaning) {

    /** What a line that a worker writes says of it. */
    public enum Meaning {
        /** Nothing of that kind. */
        NOTHING,
        /** It is ready. */
        READY,
        /** It is ready, and has got something done: failures before this no longer count. */
        PROGRESS,
        /** It is ready, and does again what killed it before: if it dies now, that is known, and not counted as a failure. */
        RISKY
    }

    /** Stands for the number of the replica in the arguments of a command. */
    public static final String REPLICA = "{replica}";

    private static final int MAX_REPLICAS = 10_000;

    /** Checks and copies. */
    public WorkerSpec {
        Objects.requireNonNull(name, "a worker must have a name");
        if (command.isEmpty()) {
            throw new IllegalArgumentException("the command of worker " + name + " is empty");
        }
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /** One worker, which runs as this JVM does. */
    public static WorkerSpec of(String name, List<String> command) {
        return new WorkerSpec(name, command, Map.of(), null, null);
    }

    /** With one more variable in its environment. */
    public WorkerSpec withVariable(String variable, String value) {
        Map<String, String> more = new TreeMap<>(environment);
        more.put(variable, value);
        return new WorkerSpec(name, command, more, folder, meaning);
    }

    /** In that working directory. */
    public WorkerSpec withFolder(Path workingDirectory) {
        return new WorkerSpec(name, command, environment, workingDirectory, meaning);
    }

    /** Ready when it has written such a line to standard output, not before. */
    public WorkerSpec withReadyLine(Predicate<String> line) {
        return withMeaning(text -> line.test(text) ? Meaning.READY : Meaning.NOTHING);
    }

    /** With lines on standard output that say how it is; it is ready when the first of them has come, not before. */
    public WorkerSpec withMeaning(Function<String, Meaning> ofLine) {
        return new WorkerSpec(name, command, environment, folder, ofLine);
    }

    /** That many of it, numbered from 0, as workers of their own. */
    List<WorkerSpec> replicas(int count) {
        if (count < 0 || count > MAX_REPLICAS) {
            throw new IllegalArgumentException(
                    count + " replicas of worker " + name + ": it must be from 0 to " + MAX_REPLICAS);
        }
        return IntStream.range(0, count).mapToObj(this::replica).toList();
    }

    private WorkerSpec replica(int number) {
        List<String> numbered = command.stream()
                .map(argument -> argument.replace(REPLICA, Integer.toString(number)))
                .toList();
        return new WorkerSpec(name + "-" + number, numbered, environment, folder, meaning);
    }
}
