package io.turboqueue.examples.flights;

import io.turboqueue.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The demo's flags. Each is checked as it is read, and refused with one sentence that says what is allowed. */
@Command(
        name = "scripts/demo",
        sortOptions = false,
        sortSynopsis = false,
        description = {
            "Passes real flights through a queue, from producers to consumers in processes of their own, and checks the"
                    + " totals against a plain pass over the same flights.",
            ""
        },
        footer = {"", "Exit status: 0 verified, 1 failed or not verified, 2 bad flag, 130 interrupted."})
final class DemoOptions {

    private static final long MAX_MESSAGES = 1_000_000_000;
    private static final int MAX_PROCESSES = 64;
    private static final int MAX_IN_BATCH = 100_000;

    @Spec
    private @Nullable CommandSpec spec;

    private long messages = 1_000_000;
    private int producers = 2;
    private int consumers = 4;
    private int batch = 10_000;
    private Durability durability = Durability.PROCESS;
    private @Nullable Path spool;

    @Option(names = "--json", order = 6, description = "Print one line of JSON, and everything else to standard error.")
    private boolean json;

    @Option(names = "--keep", order = 7, description = "Leave the spool, and print commands to look into it.")
    private boolean keep;

    @Option(names = "--chaos", order = 9, description = "Kill a random worker every second.")
    private boolean chaos;

    @Option(names = "--help", order = 10, usageHelp = true, description = "Print this and exit.")
    private boolean help;

    @Option(
            names = "--messages",
            paramLabel = "N",
            order = 1,
            description = "Messages to send, all producers together. Default: 1,000,000.")
    void setMessages(String text) {
        messages = whole("--messages", text, MAX_MESSAGES);
    }

    @Option(names = "--producers", paramLabel = "N", order = 2, description = "Producer processes. Default: 2.")
    void setProducers(String text) {
        producers = (int) whole("--producers", text, MAX_PROCESSES);
    }

    @Option(names = "--consumers", paramLabel = "N", order = 3, description = "Consumer processes. Default: 4.")
    void setConsumers(String text) {
        consumers = (int) whole("--consumers", text, MAX_PROCESSES);
    }

    @Option(names = "--batch", paramLabel = "N", order = 4, description = "Messages in a batch. Default: 10,000.")
    void setBatch(String text) {
        batch = (int) whole("--batch", text, MAX_IN_BATCH);
    }

    @Option(
            names = "--durability",
            paramLabel = "process|power",
            order = 5,
            description = "What a published batch survives: the death of processes (default), or power loss as well.")
    void setDurability(String text) {
        durability = Stream.of(Durability.values())
                .filter(value -> value.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() -> refused("--durability", text, "give " + durabilities()));
    }

    @Option(
            names = "--spool",
            paramLabel = "DIR",
            order = 8,
            description = "An empty or new folder for the spool. Default: a new temporary one.")
    void setSpool(String text) {
        try {
            Path folder = Path.of(text).toAbsolutePath().normalize();
            if (Files.exists(folder) && !isEmptyFolder(folder)) {
                throw refused("--spool", text, "give a folder that is empty or does not exist yet");
            }
            spool = folder;
        } catch (InvalidPathException | IOException unusable) {
            throw refused("--spool", text, "give a folder that can be read and written");
        }
    }

    long messages() {
        return messages;
    }

    int producers() {
        return producers;
    }

    int consumers() {
        return consumers;
    }

    int batch() {
        return batch;
    }

    Durability durability() {
        return durability;
    }

    /** The folder that was asked for, if any. */
    Optional<Path> spool() {
        return Optional.ofNullable(spool);
    }

    boolean json() {
        return json;
    }

    boolean chaos() {
        return chaos;
    }

    boolean keep() {
        return keep;
    }

    boolean help() {
        return help;
    }

    private long whole(String flag, String text, long most) {
        try {
            long number = Long.parseLong(text);
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // refused like one that is out of range
        }
        throw refused(flag, text, String.format(Locale.ROOT, "give a whole number from 1 to %,d", most));
    }

    private static boolean isEmptyFolder(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return false;
        }
        try (Stream<Path> entries = Files.list(path)) {
            return entries.findAny().isEmpty();
        }
    }

    private static String durabilities() {
        return Arrays.stream(Durability.values())
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(" or "));
    }

    private ParameterException refused(String flag, String text, String allowed) {
        if (spec == null) {
            throw new IllegalStateException("options are read by picocli");
        }
        return new ParameterException(spec.commandLine(), flag + " " + text + ": " + allowed);
    }
}
