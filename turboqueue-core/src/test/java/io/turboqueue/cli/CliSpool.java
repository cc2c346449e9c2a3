package io.turboqueue.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.turboqueue.batch.BatchSeal;
import io.turboqueue.batch.BatchWriter;
import io.turboqueue.batch.StoredMessage;
import io.turboqueue.batch.jdbc.JdbcEngine;
import io.turboqueue.disk.LocalDisk;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.DeadName;
import io.turboqueue.layout.OwnerEntry;
import io.turboqueue.layout.OwnerName;
import io.turboqueue.layout.PidScope;
import io.turboqueue.layout.ProcessIdentity;
import io.turboqueue.layout.QueueName;
import io.turboqueue.owner.ProcFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A spool made file by file, so that nothing in it depends on chance. */
public final class CliSpool {

    /** When all of it is looked at. */
    public static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    /** The owner of a claim whose process is no more. */
    public static final String DEAD_OWNER = dead(4711, "k3v9q2m7x4wd8c1z");

    /** The same as people see it. */
    public static final String DEAD_LABEL = "4711-k3v9q2m7x4wd8c1z";

    private static final String PRODUCER = "x9k2m4q7d3w5a";
    private static final JdbcEngine ENGINE = new JdbcEngine(new LocalDisk());

    private final Path folder;
    private int claims;

    /** The owner directory of a process that ended before this one started: no process has its start time. */
    public static String dead(long pid, String random) {
        PidScope here = ProcFolder.SYSTEM.self().scope();
        return new OwnerName(OwnerName.Form.IN_USE, new ProcessIdentity(pid, "1", here), random).format();
    }

    /** An empty spool in a folder {@code spool} of a temporary folder. */
    public CliSpool(Path temp) throws IOException {
        Path made = Files.createDirectories(temp.resolve("spool").resolve("owners"));
        folder = Objects.requireNonNull(made.getParent()).toRealPath();
    }

    public Path folder() {
        return folder;
    }

    /** The id that batches with this number have. */
    public static String id(int number) {
        return String.format("%s-%08x", PRODUCER, number);
    }

    /** A queue without anything in it. */
    public Path queue(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name));
    }

    /** The names in a folder of a queue, sorted. */
    public List<String> names(String queue, String state) throws IOException {
        return names(folder.resolve(queue).resolve(state));
    }

    private static List<String> names(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** The owner directory of a dead process, with nothing on it. */
    public Path deadOwner(String name) throws IOException {
        Path owner = Files.createDirectories(folder.resolve("owners").resolve(name));
        Path lock = owner.resolve("owner-1.lock");
        return Files.exists(lock)
                ? owner
                : Objects.requireNonNull(Files.createFile(lock).getParent());
    }

    /** A file that a dead process was filling. */
    public void loading(String owner, String queue, int number) throws IOException {
        String name = new OwnerEntry.Loading(new QueueName(queue), id(number)).format();
        Files.writeString(deadOwner(owner).resolve(name), "half");
    }

    /** A file that is not a batch, where batches are. */
    public Path foreign(String queue, String state, String name) throws IOException {
        return Files.writeString(
                Files.createDirectories(queue(queue).resolve(state)).resolve(name), "no batch");
    }

    /** A batch to be put somewhere: ten minutes old, of text messages. */
    public Batch batch(String queue, int number, String... payloads) {
        return new Batch(queue, number, payloads);
    }

    /** One of the bytes becomes another. */
    public static Path flip(Path file, int offset) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[offset] ^= 0x01;
        return Files.write(file, bytes);
    }

    /** The end is lost. */
    public static Path cut(Path file, int left) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        return Files.write(file, Arrays.copyOf(bytes, left));
    }

    /** Every file and folder with its size, its time and its mode: equal if nothing was touched. */
    public static List<String> everything(Path folder) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.sorted().toList()) {
                BasicFileAttributes found =
                        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                lines.add(folder.relativize(path) + " " + found.size() + " " + found.lastModifiedTime() + " "
                        + Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
            }
        }
        return lines;
    }

    /** Every file but the emptied ones and the mark of the format, relative to the spool. */
    public List<String> files() throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(Files::isRegularFile)
                    .filter(path -> !path.toString().contains("/free/"))
                    .filter(path -> !path.endsWith("owners/format-2"))
                    .filter(path -> !path.getFileName().toString().startsWith(".reserve-"))
                    .map(path -> folder.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }

    public static StoredMessage message(@Nullable String key, @Nullable String headers, String payload) {
        return new StoredMessage(NOW.minusSeconds(600).toEpochMilli(), key, headers, payload.getBytes(UTF_8), true);
    }

    public static StoredMessage blob(int... bytes) {
        byte[] payload = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            payload[i] = (byte) bytes[i];
        }
        return new StoredMessage(NOW.minusSeconds(600).toEpochMilli(), null, null, payload, false);
    }

    /** A batch that is not there yet. */
    public final class Batch {

        private final String queue;
        private final int number;
        private final List<StoredMessage> messages = new ArrayList<>();
        private int priority = BatchName.DEFAULT_PRIORITY;
        private Instant due = NOW.minusSeconds(600);
        private int attempt;
        private int failures;
        private long done;

        private Batch(String queue, int number, String... payloads) {
            this.queue = queue;
            this.number = number;
            for (String payload : payloads) {
                messages.add(message(null, null, payload));
            }
        }

        public Batch priority(int value) {
            priority = value;
            return this;
        }

        /** Due that long ago; negative for the future. */
        public Batch age(Duration age) {
            due = NOW.minus(age);
            return this;
        }

        public Batch failures(int value) {
            failures = value;
            return this;
        }

        public Batch attempt(int value) {
            attempt = value;
            return this;
        }

        public Batch done(long rows) {
            done = rows;
            return this;
        }

        public Batch with(StoredMessage... more) {
            messages.addAll(List.of(more));
            return this;
        }

        public Path ready() throws IOException {
            return rest(BatchState.READY);
        }

        public Path delayed() throws IOException {
            return rest(BatchState.DELAYED);
        }

        public Path held() throws IOException {
            return rest(BatchState.HELD);
        }

        public Path dead(String reason) throws IOException {
            Path loading = loading();
            return put(loading, BatchState.DEAD, new DeadName(name(write(loading)), reason).format());
        }

        /** At the owner directory of a process that is dead. */
        public Path claimed(String owner) throws IOException {
            Path loading = loading();
            BatchName name = name(write(loading));
            queue(queue);
            String entry = new OwnerEntry.Claimed(++claims, new QueueName(queue), name).format();
            return Files.move(loading, deadOwner(owner).resolve(entry));
        }

        /** Ready under the short form of other programs. */
        public Path shortForm(String id) throws IOException {
            Path loading = loading();
            write(loading);
            return put(
                    loading,
                    BatchState.READY,
                    new BatchName(priority, due.toEpochMilli(), id, null, history()).format());
        }

        private Path rest(BatchState state) throws IOException {
            Path loading = loading();
            return put(loading, state, name(write(loading)).format());
        }

        private Path loading() {
            return folder.resolveSibling("loading-" + number + ".db");
        }

        private Path put(Path loading, BatchState state, String name) throws IOException {
            Path target = Files.createDirectories(queue(queue).resolve(state.word()));
            return Files.move(loading, target.resolve(name));
        }

        private BatchSeal write(Path loading) throws IOException {
            try (BatchWriter writer = ENGINE.writer(loading)) {
                for (StoredMessage message : messages) {
                    writer.add(message);
                }
                BatchSeal seal = writer.seal(false);
                writer.published();
                return seal;
            }
        }

        private BatchName name(BatchSeal seal) {
            BatchName.Contents contents = new BatchName.Contents(seal.rows(), seal.bytes(), seal.crc32());
            return new BatchName(priority, due.toEpochMilli(), id(number), contents, history());
        }

        private BatchName.History history() {
            return new BatchName.History(attempt, failures, 0, done, false);
        }
    }
}
