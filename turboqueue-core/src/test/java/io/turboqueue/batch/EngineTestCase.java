package io.turboqueue.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.LocalDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of every engine start from: a folder, the engine under test, messages, and files written with it. */
public abstract class EngineTestCase {

    @TempDir
    public Path folder;

    private final Function<Disk, BatchEngine> opening;
    private final List<BatchEngine> opened = new ArrayList<>();

    public EngineTestCase(Function<Disk, BatchEngine> opening) {
        this.opening = opening;
    }

    /** The engine on the real disk. */
    protected final BatchEngine engine() {
        return opened.isEmpty() ? engine(new LocalDisk()) : opened.get(0);
    }

    /** Another engine on a disk of the test's own. */
    protected final BatchEngine engine(Disk disk) {
        BatchEngine engine = opening.apply(disk);
        opened.add(engine);
        return engine;
    }

    @AfterEach
    protected void closeEngines() {
        opened.forEach(BatchEngine::close);
    }

    /** A sealed file with the name it was published under. */
    public record Sealed(Path file, BatchSeal seal) {}

    public final Sealed write(String name, List<StoredMessage> messages) throws IOException {
        return write(engine(), folder.resolve(name), messages);
    }

    /** Seals under one name and renames to another, as publishing does. */
    public static Sealed write(BatchEngine engine, Path file, List<StoredMessage> messages) throws IOException {
        Path loading = file.resolveSibling("loading-" + file.getFileName());
        try (BatchWriter writer = engine.writer(loading)) {
            for (StoredMessage message : messages) {
                writer.add(message);
            }
            BatchSeal seal = writer.seal(false);
            Files.move(loading, file, StandardCopyOption.ATOMIC_MOVE);
            return new Sealed(file, seal);
        }
    }

    /** The seal that whoever forges a file would give it. */
    protected static BatchSeal forgedSeal(Path file, long rows) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return new BatchSeal(rows, bytes.length, crc.getValue());
    }

    /** What is wrong with a file, which must be refused for being damaged. */
    protected final DamagedBatchException damage(Path file, @Nullable BatchSeal seal) {
        Throwable thrown = catchThrowable(() -> engine().read(file, seal));
        assertThat(thrown).as("how %s was refused", file.getFileName()).isInstanceOf(DamagedBatchException.class);
        return (DamagedBatchException) thrown;
    }

    protected static StoredMessage text(String payload) {
        return new StoredMessage(0, null, null, payload.getBytes(UTF_8), true);
    }

    public static StoredMessage blob(byte... payload) {
        return new StoredMessage(0, null, null, payload, false);
    }

    public static StoredMessage message(long time, @Nullable String key, @Nullable String headers, String payload) {
        return new StoredMessage(time, key, headers, payload.getBytes(UTF_8), true);
    }

    public static byte[] randomBytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** About fifty messages of all kinds, some larger than a page. */
    protected static List<StoredMessage> someOfEachKind(Random random) {
        List<StoredMessage> messages = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            String key = i % 3 == 0 ? "key " + i : null;
            String headers = i % 5 == 0 ? "{\"number\":\"" + i + "\"}" : null;
            int length = i % 10 == 7 ? 6000 : random.nextInt(100);
            messages.add(
                    i % 2 == 0
                            ? new StoredMessage(
                                    i, key, headers, "x".repeat(length).getBytes(UTF_8), true)
                            : new StoredMessage(i, key, headers, randomBytes(random, length), false));
        }
        return messages;
    }

    /** A message by its content. */
    public record Row(
            long time, @Nullable String key, @Nullable String headers, boolean text, ByteBuffer payload) {
        public static Row of(StoredMessage message) {
            return new Row(
                    message.timeMillis(),
                    message.key(),
                    message.headers(),
                    message.storesText(),
                    ByteBuffer.wrap(message.payload()));
        }
    }

    public static List<Row> rows(List<StoredMessage> messages) {
        return messages.stream().map(Row::of).toList();
    }

    protected final void assertHolds(Sealed batch, List<StoredMessage> messages) throws IOException {
        List<Row> found = rows(engine().read(batch.file(), batch.seal()));
        assertThat(found).hasSameSizeAs(messages);
        for (int i = 0; i < found.size(); i++) {
            assertThat(found.get(i)).as("message %d", i + 1).isEqualTo(Row.of(messages.get(i)));
        }
    }

    protected static List<String> namesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
