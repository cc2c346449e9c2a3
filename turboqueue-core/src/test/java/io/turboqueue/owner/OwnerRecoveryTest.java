package io.turboqueue.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.disk.ForwardingDisk;
import io.turboqueue.disk.LocalDisk;
import io.turboqueue.inspect.RecoveryResult;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.LockFile;
import io.turboqueue.layout.OwnerEntry;
import io.turboqueue.layout.OwnerName;
import io.turboqueue.layout.ProcessIdentity;
import io.turboqueue.layout.QueueName;
import io.turboqueue.layout.SpoolFolder;
import io.turboqueue.owner.Processes.Sight;
import io.turboqueue.time.ManualNanos;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is taken for dead, and after how long. Time, locks and processes are played. */
class OwnerRecoveryTest {

    private static final QueueName QUEUE = new QueueName("flights");
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PATIENCE_WITH_PROCESS = Duration.ofMinutes(10);
    private static final Duration MOMENT = Duration.ofNanos(1);

    @TempDir
    Path temp;

    private final PlayedDisk disk = new PlayedDisk();
    private final ManualNanos clock = new ManualNanos();
    private Sight sight = Sight.UNKNOWN;
    private SpoolFolder spool;
    private OwnerName owner;
    private Path directory;
    private OwnerRecovery recovery;

    @BeforeEach
    void anOwnerWithAClaim() throws IOException {
        spool = SpoolFolder.openOrCreate(new LocalDisk(), temp.resolve("spool"));
        spool.ensureOwners(new LocalDisk());
        owner = OwnerName.next(ProcessIdentity.unknown(4711)).in(OwnerName.Form.IN_USE);
        make(owner);
        recovery = recovery();
    }

    private void make(OwnerName name) throws IOException {
        directory = Files.createDirectory(spool.owners().resolve(name.format()));
        Files.createFile(directory.resolve(LockFile.name(1)));
        BatchName batch = new BatchName(5, 0, "batch", null, BatchName.History.NONE);
        Files.createFile(directory.resolve(new OwnerEntry.Claimed(0, QUEUE, batch).format()));
    }

    private OwnerRecovery recovery() {
        ClaimRequeue returns = new ClaimRequeue(disk, spool, queue -> 5);
        return new OwnerRecovery(disk, spool, returns, new PlayedProcesses(), clock);
    }

    private boolean looksDead() throws IOException {
        RecoveryResult result = recovery.runOnce();
        boolean dead = result.owners() == 1;
        assertThat(result.requeued()).isEqualTo(dead ? 1 : 0);
        assertThat(directory.toFile().exists()).isEqualTo(!dead);
        return dead;
    }

    private void touch(int second) throws IOException {
        Files.setLastModifiedTime(directory.resolve(LockFile.name(1)), FileTime.fromMillis(1000L * second));
    }

    @Test
    void whoHoldsTheLockIsAliveWhateverElseIsSeen() throws IOException {
        disk.held = true;
        for (Sight any : Sight.values()) {
            sight = any;
            assertThat(looksDead()).isFalse();
            clock.advance(PATIENCE_WITH_PROCESS);
            assertThat(looksDead()).isFalse();
        }
    }

    @Test
    void whoseProcessIsGoneForCertainIsDeadAtOnce() throws IOException {
        sight = Sight.GONE;

        assertThat(looksDead()).isTrue();
    }

    @Test
    void asksForTheLimitOfAQueueOncePerRun() throws IOException {
        sight = Sight.GONE;
        make(OwnerName.next(ProcessIdentity.unknown(4712)).in(OwnerName.Form.IN_USE));
        AtomicInteger asked = new AtomicInteger();
        ClaimRequeue requeue = new ClaimRequeue(disk, spool, queue -> {
            asked.incrementAndGet();
            return 5;
        });
        recovery = new OwnerRecovery(disk, spool, requeue, new PlayedProcesses(), clock);

        RecoveryResult result = recovery.runOnce();

        assertThat(result.owners()).isEqualTo(2);
        assertThat(asked).hasValue(1);
        recovery.runOnce();
        assertThat(asked).as("nothing more to requeue").hasValue(1);
    }

    @Test
    void whatCannotBeDeletedKeepsNoClaimFromComingBack() throws IOException {
        sight = Sight.GONE;
        for (String id : new String[] {"a", "z"}) {
            Path folder = directory.resolve(new OwnerEntry.Loading(QUEUE, id).format());
            Files.createDirectories(folder.resolve("full"));
        }

        RecoveryResult result = recovery.runOnce();

        assertThat(result.requeued()).isEqualTo(1);
        assertThat(result.owners()).isZero();
        assertThat(directory).isDirectory();
    }

    @Test
    void aNameThatIsNoTextInThisLocaleIsForeign() throws IOException {
        assertThat(OwnerEntry.parse("loading~flights~\uFFFD\uFFFD.db")).isEmpty();
        assertThat(OwnerEntry.parse("loading~flights~schl\u00FCssel.db")).isEmpty();
    }

    @Test
    void aLinkWithAnOwnersNameIsLeftAloneWithWhatItLeadsTo() throws IOException {
        sight = Sight.GONE;
        Path outside = temp.resolve("outside");
        Files.move(directory, outside);
        Files.createSymbolicLink(directory, outside);

        for (int i = 0; i < 3; i++) {
            assertThat(recovery.runOnce()).isEqualTo(new RecoveryResult(0, 0, 0, 0));
            clock.advance(PATIENCE_WITH_PROCESS);
        }

        assertThat(directory).isSymbolicLink();
        assertThat(outside.resolve(LockFile.name(1))).exists();
        assertThat(outside.toFile().list()).hasSize(2);
    }

    @Test
    void whoCannotBeSeenIsDeadAfterASecondLookFiveSecondsLater() throws IOException {
        assertThat(looksDead()).isFalse();
        clock.advance(PATIENCE.minus(MOMENT));
        assertThat(looksDead()).isFalse();
        clock.advance(MOMENT);
        assertThat(looksDead()).isTrue();
    }

    @Test
    void howOftenTheRecovererLooksDoesNotMatter() throws IOException {
        for (int i = 0; i < 49; i++) {
            assertThat(looksDead()).isFalse();
            clock.advance(Duration.ofMillis(100));
        }
        assertThat(looksDead()).isFalse();
    }

    @Test
    void whoMovesTheTimeOfItsLockFileIsAlive() throws IOException {
        for (int i = 0; i < 100; i++) {
            touch(i);
            assertThat(looksDead()).isFalse();
            clock.advance(PATIENCE);
        }
        assertThat(looksDead()).isTrue();
    }

    @Test
    void theTimeCountsWhetherItMovesForwardOrBack() throws IOException {
        touch(1_000_000);
        assertThat(looksDead()).isFalse();
        clock.advance(PATIENCE);
        touch(1);
        assertThat(looksDead()).isFalse();
    }

    @Test
    void whoHeldTheLockAtOneOfTheLooksIsAlive() throws IOException {
        for (int i = 0; i < 10; i++) {
            disk.held = i % 2 == 1;
            assertThat(looksDead()).isFalse();
            clock.advance(PATIENCE);
        }
    }

    @Test
    void whoseProcessIsThereIsDeadAfterTenMinutesOfSilence() throws IOException {
        sight = Sight.PRESENT;
        for (int i = 0; i < 60; i++) {
            assertThat(looksDead()).isFalse();
            clock.advance(PATIENCE_WITH_PROCESS.dividedBy(60));
        }
        assertThat(looksDead()).isTrue();
    }

    @Test
    void whoseProcessWasSeenOnceIsNotTakenForDeadSooner() throws IOException {
        assertThat(looksDead()).isFalse();
        sight = Sight.PRESENT;
        assertThat(looksDead()).isFalse();
        sight = Sight.UNKNOWN;
        clock.advance(PATIENCE_WITH_PROCESS.minus(MOMENT));
        assertThat(looksDead()).isFalse();
        clock.advance(MOMENT);
        assertThat(looksDead()).isTrue();
    }

    @Test
    void withoutALockFileTheRulesAreTheSame() throws IOException {
        Files.delete(directory.resolve(LockFile.name(1)));

        assertThat(looksDead()).isFalse();
        clock.advance(PATIENCE.minus(MOMENT));
        assertThat(looksDead()).isFalse();
        clock.advance(MOMENT);
        assertThat(looksDead()).isTrue();
    }

    @Test
    void whoseLockFileIsRemovedAgainAndAgainIsAlive() throws IOException {
        for (int number = 1; number < 5; number++) {
            Files.delete(directory.resolve(LockFile.name(number)));
            assertThat(looksDead()).isFalse();
            clock.advance(PATIENCE);
            Files.createFile(directory.resolve(LockFile.name(number + 1)));
            Files.setLastModifiedTime(directory, FileTime.fromMillis(1000L * number));
        }
    }

    @Test
    void whoMakesANewLockFileIsAlive() throws IOException {
        Files.delete(directory.resolve(LockFile.name(1)));
        assertThat(looksDead()).isFalse();
        clock.advance(PATIENCE);
        Files.createFile(directory.resolve(LockFile.name(2)));

        assertThat(looksDead()).isFalse();
    }

    @Test
    void whoeverLockedAnOldFileSeesThatThereIsANewerOne() throws IOException {
        sight = Sight.GONE;
        disk.whenLocked = () -> Files.createFile(directory.resolve(LockFile.name(2)));

        assertThat(looksDead()).isFalse();
    }

    @Test
    void whoeverComesToLifeUnderALookIsSeen() throws IOException {
        assertThat(looksDead()).isFalse();
        clock.advance(PATIENCE);
        disk.whenLocked = () -> touch(77);

        assertThat(looksDead()).isFalse();
    }

    @Test
    void howLongALookTakesDoesNotCount() throws IOException {
        disk.whenLocked = () -> clock.advance(PATIENCE);

        assertThat(looksDead()).isFalse();
        clock.advance(PATIENCE.minus(MOMENT));
        assertThat(looksDead()).isFalse();
    }

    @Test
    void aDirectoryThatWasGivenUpIsEverybodysAtOnce() throws IOException {
        disk.held = true;
        sight = Sight.PRESENT;
        Path left = spool.owners().resolve(owner.in(OwnerName.Form.LEFT).format());
        Files.move(directory, left);

        assertThat(recovery.runOnce()).isEqualTo(new RecoveryResult(1, 1, 0, 0));
        assertThat(left).doesNotExist();
    }

    @Test
    void aDirectoryThatWasNeverFinishedGoesByTheSameRules() throws IOException {
        Path opening = spool.owners().resolve(owner.in(OwnerName.Form.OPENING).format());
        Files.move(directory, opening);
        Files.delete(opening.resolve(LockFile.name(1)));

        recovery.runOnce();
        assertThat(opening).exists();
        clock.advance(PATIENCE);
        recovery.runOnce();
        assertThat(opening).doesNotExist();
    }

    @Test
    void aRecoveryThatComesLaterStartsFromItsOwnFirstLook() throws IOException {
        assertThat(looksDead()).isFalse();
        clock.advance(PATIENCE);
        recovery = recovery();

        assertThat(looksDead()).isFalse();
    }

    @Test
    void itIsKnownWhenTheNextLookCanTell() throws IOException {
        assertThat(recovery.nanosUntilVerdict()).isEqualTo(Long.MAX_VALUE);
        recovery.runOnce();
        clock.advance(Duration.ofSeconds(2));
        assertThat(recovery.nanosUntilVerdict())
                .isEqualTo(PATIENCE.minusSeconds(2).toNanos());
        clock.advance(PATIENCE);
        assertThat(recovery.nanosUntilVerdict()).isZero();
        recovery.runOnce();
        assertThat(recovery.nanosUntilVerdict()).isEqualTo(Long.MAX_VALUE);
    }

    private final class PlayedProcesses implements Processes {
        @Override
        public ProcessIdentity self() {
            return ProcessIdentity.unknown(1);
        }

        @Override
        public Sight look(ProcessIdentity process) {
            return sight;
        }
    }

    private interface Meanwhile {
        void happens() throws IOException;
    }

    /** Its locks are held by somebody, or not. */
    private static final class PlayedDisk extends ForwardingDisk {
        private boolean held;
        private Meanwhile whenLocked = () -> {};
        private int tries;

        @Override
        public @Nullable Closeable tryLock(Path file) throws IOException {
            if (!exists(file)) {
                throw new NoSuchFileException(file.toString());
            }
            if (++tries % 2 == 0) { // the second try of a look is the one that it keeps
                Meanwhile now = whenLocked;
                whenLocked = () -> {};
                now.happens();
            }
            return held ? null : () -> {};
        }
    }
}
