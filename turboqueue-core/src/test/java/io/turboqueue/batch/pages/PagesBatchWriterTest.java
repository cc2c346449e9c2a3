package io.turboqueue.batch.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turboqueue.batch.BatchSeal;
import io.turboqueue.batch.BatchWriter;
import io.turboqueue.batch.DamagedBatchException;
import io.turboqueue.batch.EngineTestCase;
import io.turboqueue.batch.StockSqlite;
import io.turboqueue.batch.StoredMessage;
import io.turboqueue.disk.Disk;
import io.turboqueue.disk.DiskFile;
import io.turboqueue.disk.FaultyDisk;
import io.turboqueue.disk.ForwardingDisk;
import io.turboqueue.disk.LocalDisk;
import io.turboqueue.disk.SteppedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A writer whose messages are in the file before the batch is sealed loses none of them, whatever fails. */
@Timeout(120)
class PagesBatchWriterTest extends EngineTestCase {

    PagesBatchWriterTest() {
        super(PagesEngine::new);
    }

    private Path file() {
        return folder.resolve("batch");
    }

    /** Some 1.5 MB, so that the buffer goes to the file several times: by short messages, and by one longer than it. */
    private static List<StoredMessage> muchMoreThanABuffer() {
        Random random = new Random(1);
        List<StoredMessage> messages = new ArrayList<>();
        for (int i = 0; i < 4000; i++) {
            messages.add(message(i, i % 2 == 0 ? "key" + i : null, null, "x".repeat(random.nextInt(300))));
        }
        messages.add(2000, blob(randomBytes(random, 700_000)));
        return messages;
    }

    private static void addAll(BatchWriter writer, List<StoredMessage> messages) throws IOException {
        for (StoredMessage message : messages) {
            writer.add(message);
        }
    }

    // failed writes

    private interface Faults {
        FaultyDisk at(Disk disk, int operation);
    }

    @Test
    void anOperationThatFailsOnceLosesNoMessage() throws IOException {
        assertLosesNothing(FaultyDisk::once);
    }

    @Test
    void aDiskThatFailsUntilItIsRepairedLosesNoMessage() throws IOException {
        assertLosesNothing(FaultyDisk::from);
    }

    private void assertLosesNothing(Faults faults) throws IOException {
        List<StoredMessage> messages = muchMoreThanABuffer();
        int n = 1;
        while (true) {
            FaultyDisk disk = faults.at(new LocalDisk(), n);
            Path file = folder.resolve("batch-" + n);
            BatchWriter writer = engine(disk).writer(file);
            for (StoredMessage message : messages) {
                int rows = writer.rows();
                insist(disk, () -> writer.add(message));
                assertThat(writer.rows())
                        .as("operation %d: %s", n, disk.fault())
                        .isEqualTo(rows + 1);
            }
            List<BatchSeal> seals = new ArrayList<>();
            insist(disk, () -> seals.add(writer.seal(true)));
            disk.heal();
            assertHolds(new Sealed(file, seals.get(0)), messages);
            assertThat(StockSqlite.query(file, "PRAGMA integrity_check")).isEqualTo("ok");
            insist(disk, writer::close);
            assertThat(folder).as("operation %d: %s", n, disk.fault()).isEmptyDirectory();
            if (disk.fault() == null) {
                break;
            }
            n++;
        }
        assertThat(n).as("operations that failed").isGreaterThan(8);
    }

    private interface Call {
        void run() throws IOException;
    }

    /** Three tries; the disk is repaired before the last. */
    private static void insist(FaultyDisk disk, Call call) throws IOException {
        for (int tries = 1; ; tries++) {
            try {
                call.run();
                return;
            } catch (IOException failed) {
                assertThat(failed).hasMessageContaining("injected");
                if (tries == 2) {
                    disk.heal();
                } else if (tries == 3) {
                    throw failed;
                }
            }
        }
    }

    // failed syncs, and files that got their name

    /** Steps are counted, and some fail. */
    private static final class CountingDisk extends SteppedDisk {
        final List<Step> steps = new ArrayList<>();
        boolean failsSync;

        @Nullable
        Step interrupted;

        CountingDisk() {
            super(new LocalDisk());
        }

        @Override
        protected void step(Step step, Path path, Work work) throws IOException {
            steps.add(step);
            if (failsSync && step == Step.SYNC) {
                throw new IOException("Input/output error, as this test wants it");
            }
            if (step == interrupted) {
                interrupted = null;
                Thread.currentThread().interrupt(); // in the middle of it, as far as the file can see
            }
            work.run();
        }

        long count(Step step) {
            return steps.stream().filter(step::equals).count();
        }
    }

    private BatchWriter sealedInVain(CountingDisk disk, List<StoredMessage> messages) throws IOException {
        BatchWriter writer = engine(disk).writer(file());
        addAll(writer, messages);
        disk.failsSync = true;
        assertThatThrownBy(() -> writer.seal(true)).hasMessage("Input/output error, as this test wants it");
        disk.failsSync = false;
        return writer;
    }

    @Test
    void whatAFailedSyncWasForIsWrittenToANewFileAndOnlyThatIsSynced() throws IOException {
        CountingDisk disk = new CountingDisk();
        List<StoredMessage> messages = muchMoreThanABuffer();
        try (BatchWriter writer = sealedInVain(disk, messages)) {
            Object before = Files.readAttributes(file(), "unix:ino").get("ino");
            messages.add(text("added meanwhile"));
            writer.add(text("added meanwhile"));

            BatchSeal seal = writer.seal(true);

            assertThat(disk.count(SteppedDisk.Step.CREATE)).isEqualTo(2);
            assertThat(disk.count(SteppedDisk.Step.SYNC)).isEqualTo(2);
            assertThat(Files.readAttributes(file(), "unix:ino").get("ino")).isNotEqualTo(before);
            assertHolds(new Sealed(file(), seal), messages);
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aDiskThatLostWhatWasWrittenIsFoundOutAndTheMessagesAreSaidToBeLost() throws IOException {
        try (BatchWriter writer = sealedInVain(new CountingDisk(), muchMoreThanABuffer())) {
            try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.allocate(4096), 20 * 4096); // a page that was never written back
            }
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> writer.seal(true))
                        .isInstanceOf(IOException.class)
                        .isNotInstanceOf(DamagedBatchException.class)
                        .hasMessageContaining("batch file " + file() + " no longer holds what was written to it")
                        .hasMessageContaining("the messages in it are lost");
            }
        }
        assertThat(folder).isEmptyDirectory();
    }

    /** As when the rename is done but the sync of its folder fails: a consumer may have the file by then. */
    @Test
    void aFileThatMayHaveGotItsNameIsNeverWrittenToAgain() throws IOException {
        List<StoredMessage> messages = muchMoreThanABuffer();
        Path renamed = folder.resolve("renamed");
        try (BatchWriter writer = engine().writer(file())) {
            addAll(writer, messages);
            Sealed first = new Sealed(renamed, writer.seal(true));
            Files.move(file(), renamed);

            addAll(writer, messages);
            Sealed second = new Sealed(file(), writer.seal(true));

            assertHolds(first, messages);
            messages.addAll(List.copyOf(messages));
            assertHolds(second, messages);
        }
        assertThat(namesIn(folder)).containsExactly("renamed");
    }

    @Test
    void aSealedFileThatWasRemovedIsSealedAgainFromWhatIsOpen() throws IOException {
        List<StoredMessage> messages = muchMoreThanABuffer();
        try (BatchWriter writer = engine().writer(file())) {
            addAll(writer, messages);
            writer.seal(true);
            Files.delete(file());

            Thread.currentThread().interrupt();
            BatchSeal seal = writer.seal(true);

            assertThat(Thread.interrupted()).isTrue();
            assertHolds(new Sealed(file(), seal), messages);
        }
        assertThat(folder).isEmptyDirectory();
    }

    // interrupts

    @Test
    void anInterruptBetweenCallsLosesNoMessageAndStays() throws IOException {
        List<StoredMessage> messages = muchMoreThanABuffer();
        try (BatchWriter writer = engine().writer(file())) {
            Thread.currentThread().interrupt();
            addAll(writer, messages);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
            BatchSeal seal = writer.seal(true);

            assertThat(Thread.interrupted()).isTrue();
            assertHolds(new Sealed(file(), seal), messages);
        }
    }

    @Test
    void anInterruptInTheMiddleOfAWriteLosesNoMessageAndStays() throws IOException {
        CountingDisk disk = new CountingDisk();
        List<StoredMessage> messages = muchMoreThanABuffer();
        try (BatchWriter writer = engine(disk).writer(file())) {
            for (StoredMessage message : messages) {
                disk.interrupted = writer.rows() % 500 == 0 ? SteppedDisk.Step.WRITE : disk.interrupted;
                writer.add(message);
            }
            assertThat(Thread.interrupted()).isTrue();
            disk.interrupted = SteppedDisk.Step.WRITE;
            BatchSeal seal = writer.seal(false);

            assertThat(Thread.interrupted()).isTrue();
            assertThat(disk.count(SteppedDisk.Step.OPEN_TO_WRITE)).isGreaterThan(3);
            assertHolds(new Sealed(file(), seal), messages);
        }
    }

    /** Whether the sync was done, or failed, nobody knows: the bytes go to a new file. */
    @Test
    void anInterruptInTheMiddleOfASyncCountsAsAFailedSync() throws IOException {
        CountingDisk disk = new CountingDisk();
        List<StoredMessage> messages = muchMoreThanABuffer();
        try (BatchWriter writer = engine(disk).writer(file())) {
            addAll(writer, messages);
            disk.interrupted = SteppedDisk.Step.SYNC;
            assertThatThrownBy(() -> writer.seal(true)).isInstanceOf(ClosedByInterruptException.class);
            assertThat(Thread.interrupted()).isTrue();

            BatchSeal seal = writer.seal(true);

            assertThat(disk.count(SteppedDisk.Step.CREATE)).isEqualTo(2);
            assertHolds(new Sealed(file(), seal), messages);
        }
    }

    // a message that is refused, and writers that have nothing to do

    @Test
    void aLongMessageThatCannotBeWrittenLeavesNothingOfIt() throws IOException {
        FullDisk disk = new FullDisk();
        List<StoredMessage> messages = List.of(text("first"), blob(new byte[5000]), text("last"));
        try (BatchWriter writer = engine(disk).writer(file())) {
            addAll(writer, messages.subList(0, 2));
            disk.room = 600_000;
            assertThatThrownBy(() -> writer.add(blob(new byte[2_000_000]))).hasMessage("No space left on device");
            assertThat(writer.rows()).isEqualTo(2);
            assertThat(writer.weight())
                    .isEqualTo(messages.get(0).weight() + messages.get(1).weight());
            disk.room = Long.MAX_VALUE;
            writer.add(messages.get(2));

            BatchSeal seal = writer.seal(false);

            assertHolds(new Sealed(file(), seal), messages);
            assertThat(StockSqlite.query(file(), "PRAGMA integrity_check")).isEqualTo("ok");
        }
    }

    private static final class FullDisk extends ForwardingDisk {
        long room = Long.MAX_VALUE;

        @Override
        public DiskFile create(Path file) throws IOException {
            DiskFile created = super.create(file);
            return new DiskFile() {
                @Override
                public int read(ByteBuffer target, long position) throws IOException {
                    return created.read(target, position);
                }

                @Override
                public int write(ByteBuffer source, long position) throws IOException {
                    if (position + source.remaining() > room) {
                        throw new IOException("No space left on device");
                    }
                    return created.write(source, position);
                }

                @Override
                public long size() throws IOException {
                    return created.size();
                }

                @Override
                public void sync() throws IOException {
                    created.sync();
                }

                @Override
                public void close() throws IOException {
                    created.close();
                }
            };
        }
    }

    @Test
    void tenThousandIdleWritersTakeNeitherFilesNorBuffers() throws IOException {
        List<BatchWriter> writers = new ArrayList<>();
        long before = usedMemory();
        for (int i = 0; i < 10_000; i++) {
            writers.add(engine().writer(folder.resolve("batch-" + i)));
        }
        long taken = usedMemory() - before;

        assertThat(folder).isEmptyDirectory();
        assertThat(taken)
                .as("bytes for 10,000 writers; a buffer each would be 160 MB")
                .isLessThan(20_000_000);
        for (BatchWriter writer : writers) {
            writer.close();
        }
    }

    private static long usedMemory() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @Test
    void aBatchOfOneMessageTakesTwoPages() throws IOException {
        Sealed batch = write("one", List.of(text("x")));

        assertThat(batch.seal().bytes()).isEqualTo(8192);
    }

    @Test
    void aFileIsWrittenFromFrontToBackAndPageOneLast() throws IOException {
        List<StoredMessage> messages = muchMoreThanABuffer();
        try (BatchWriter writer = engine().writer(file())) {
            addAll(writer, messages);

            assertThat(file()).exists();
            byte[] loading = Files.readAllBytes(file());
            assertThat(loading).hasSizeGreaterThan(1_000_000).startsWith(new byte[4096]);
        }
        assertThat(folder).isEmptyDirectory();
    }
}
