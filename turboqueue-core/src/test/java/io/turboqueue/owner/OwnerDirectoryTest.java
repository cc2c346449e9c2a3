package io.turboqueue.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turboqueue.disk.FolderGoneException;
import io.turboqueue.disk.ForwardingDisk;
import io.turboqueue.disk.HeldLock;
import io.turboqueue.disk.LocalDisk;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.inspect.RecoveryResult;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.LockFile;
import io.turboqueue.layout.QueueFolder;
import io.turboqueue.layout.QueueName;
import io.turboqueue.layout.SpoolFolder;
import io.turboqueue.protocol.Claim;
import io.turboqueue.protocol.Transitions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an owner does so that it is not taken for dead, and what it does when it may have been. */
class OwnerDirectoryTest {

    private static final QueueName QUEUE = new QueueName("flights");
    private static final BatchName BATCH = new BatchName(5, 0, "batch", null, BatchName.History.NONE);

    @TempDir
    Path temp;

    private final PlayedDisk disk = new PlayedDisk();
    private SpoolFolder spool;
    private QueueFolder queue;
    private OwnerDirectory owner;
    private Transitions transitions;

    @BeforeEach
    void open() throws IOException {
        spool = SpoolFolder.openOrCreate(new LocalDisk(), temp.resolve("spool"));
        spool.ensureOwners(new LocalDisk());
        queue = spool.queue(QUEUE);
        owner = OwnerDirectory.open(disk, spool, ProcFolder.SYSTEM);
        transitions = new Transitions(disk, owner, (of, delayed) -> {});
    }

    @AfterEach
    void close() throws IOException {
        disk.refuses = false;
        owner.close();
    }

    private Claim claim() throws IOException {
        queue.ensure(disk, BatchState.READY);
        Files.createFile(queue.of(BatchState.READY, BATCH));
        return Objects.requireNonNull(transitions.claim(queue, BATCH), "claim");
    }

    private FileTime time(int lockFile) throws IOException {
        return Files.getLastModifiedTime(owner.path().resolve(LockFile.name(lockFile)));
    }

    private List<String> owners() throws IOException {
        try (Stream<Path> entries = Files.list(spool.owners())) {
            return entries.filter(Files::isDirectory)
                    .map(path -> path.getFileName().toString())
                    .toList();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void theTimeMovesAtEachRenewalWhateverTheClockSays() throws IOException {
        for (long now : new long[] {1_000_000, 1_000_000, 1_000_001, 5_000, 2_000_000, 2_000_000}) {
            FileTime before = time(1);
            owner.renew(now);
            assertThat(time(1)).isNotEqualTo(before);
        }
    }

    @Test
    void aLockFileThatWasRemovedIsMadeAgainUnderTheNextNumber() throws IOException {
        Path before = owner.path();
        Files.delete(owner.path().resolve(LockFile.name(1)));
        owner.renew(1000);
        assertThat(owner.path()).isEqualTo(before);
        assertThat(owner.path().resolve(LockFile.name(2))).isRegularFile();

        Files.delete(owner.path().resolve(LockFile.name(2)));
        owner.renew(2000);
        assertThat(owner.path().resolve(LockFile.name(3))).isRegularFile();
    }

    @Test
    void aNewLockFileThatCannotGetItsNameIsLetGoAndMadeAtTheNextRenewal() throws IOException {
        Files.delete(owner.path().resolve(LockFile.name(1)));
        disk.fails = true;
        for (int i = 1; i <= 3; i++) {
            long now = 1000L * i;
            assertThatThrownBy(() -> owner.renew(now)).isInstanceOf(IOException.class);
            assertThat(disk.held).isEqualTo(1);
        }
        disk.fails = false;
        owner.renew(5000);

        assertThat(owner.path().resolve(LockFile.name(2))).isRegularFile();
        assertThat(disk.held).isEqualTo(1);
    }

    @Test
    void aLockFileThatIsAnotherFileIsNotTakenForOnesOwn() throws IOException {
        Path lock = owner.path().resolve(LockFile.name(1));
        Path other = Files.createFile(temp.resolve("restored"));
        Files.move(other, lock, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        owner.renew(1000);

        assertThat(owner.path().resolve(LockFile.name(2))).isRegularFile();
    }

    @Test
    void oneRefusalMeansNothing() throws IOException {
        Path before = owner.path();
        for (int i = 0; i < 6; i++) {
            disk.refuses = i % 2 == 0;
            owner.renew(1000L * i);
        }
        assertThat(owner.path()).isEqualTo(before);
    }

    @Test
    void anOwnerInDoubtMovesItsClaimsToANewDirectoryAndGoesOn() throws IOException {
        Claim claim = claim();
        Path loading = owner.loading(QUEUE, "loading");
        Files.createFile(loading);
        Path before = owner.path();
        disk.refuses = true;
        owner.renew(1000);
        owner.renew(2000);
        disk.refuses = false;

        assertThat(owner.path()).isNotEqualTo(before);
        assertThat(owners()).containsExactly(owner.path().getFileName().toString());
        assertThat(transitions.pathOf(claim)).hasParent(owner.path()).exists();
        Claim checkpointed = Objects.requireNonNull(transitions.renew(claim), "claim");
        assertThat(transitions.publish(queue, loading, BatchState.READY, "5-20261121T155801123Z-x.db", false))
                .isTrue();
        assertThat(transitions.ack(checkpointed)).isTrue();
    }

    @Test
    void whatARecovererWonIsLostAndTheRestIsKept() throws IOException {
        Claim lost = claim();
        Files.delete(lost.path());
        Claim kept = claim();
        disk.refuses = true;
        owner.renew(1000);
        owner.renew(2000);
        disk.refuses = false;

        assertThat(transitions.ack(lost)).isFalse();
        assertThat(transitions.ack(kept)).isTrue();
    }

    @Test
    void whoseDirectoryIsGoneTakesANewOne() throws IOException {
        Claim lost = claim();
        Path before = owner.path();
        delete(before);
        owner.renew(1000);

        assertThat(owner.path()).isNotEqualTo(before).isDirectory();
        assertThat(transitions.ack(lost)).isFalse();
        assertThat(transitions.ack(claim())).isTrue();
    }

    @Test
    void aSpoolThatWasReplacedIsNotEntered() throws IOException {
        Files.move(spool.path(), temp.resolve("elsewhere"));
        SpoolFolder.openOrCreate(new LocalDisk(), temp.resolve("spool")).ensureOwners(new LocalDisk());

        assertThatThrownBy(() -> owner.ensureHere())
                .isInstanceOf(FolderGoneException.class)
                .hasMessageContaining("the spool was deleted or replaced; close the spool and open it again");
        assertThat(owners()).isEmpty();
    }

    @Test
    void whoeverGivesUpSaysSoInTheName() throws IOException {
        claim();
        owner.close();

        assertThat(owners()).singleElement().asString().startsWith("left-");
    }

    @Test
    void whoCannotEvenSaySoIsRecoveredInThisJvmAllTheSame() throws IOException {
        claim();
        disk.fails = true;
        assertThatThrownBy(() -> owner.close()).isInstanceOf(IOException.class);
        disk.fails = false;

        ClaimRequeue returns = new ClaimRequeue(disk, spool, of -> 5);
        RecoveryResult result = new OwnerRecovery(disk, spool, returns, ProcFolder.SYSTEM, System::nanoTime).runOnce();
        assertThat(result).isEqualTo(new RecoveryResult(1, 1, 0, 0));
    }

    @Test
    void aSpoolOfAnotherFormatIsRefused() throws IOException {
        Files.createFile(spool.owners().resolve("format-3"));

        assertThatThrownBy(() -> spool.ensureOwners(new LocalDisk()))
                .hasMessage("spool " + spool.path()
                        + " has format 3, this release of TurboQueue has format 2; use the release" + " that made it");
        assertThatThrownBy(() -> SpoolFolder.existing(new LocalDisk(), spool.path()))
                .hasMessageContaining("has format 3");
    }

    @Test
    void aSpoolWhereAnOlderReleaseIsAtWorkIsRefused() throws IOException {
        Path older = Files.createDirectory(spool.owners().resolve("4711-k3v9q2m7x4wd8c1z"));
        Files.createFile(older.resolve("beacon"));

        assertThatThrownBy(() -> spool.ensureOwners(new LocalDisk()))
                .hasMessageContaining("is in use by an older release of TurboQueue: owners/4711-k3v9q2m7x4wd8c1z");
    }

    /** Its locks are refused when renewed, or its renames fail. */
    private static final class PlayedDisk extends ForwardingDisk {
        private boolean refuses;
        private boolean fails;
        private int held;

        @Override
        public boolean rename(Path from, Path to) throws IOException {
            if (fails) {
                throw new IOException("no more renames");
            }
            return super.rename(from, to);
        }

        @Override
        public @Nullable HeldLock createLocked(Path file) throws IOException {
            HeldLock lock = super.createLocked(file);
            held += lock == null ? 0 : 1;
            return lock == null
                    ? null
                    : new HeldLock() {
                        @Override
                        public boolean renew() throws IOException {
                            return !refuses && lock.renew();
                        }

                        @Override
                        public void close() throws IOException {
                            held--;
                            lock.close();
                        }
                    };
        }
    }
}
