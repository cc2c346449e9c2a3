package io.turboqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.turboqueue.layout.LockFile;
import io.turboqueue.layout.OwnerName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes that live although their lock is free, and others that are dead although something of them is there. */
@Timeout(300)
class LivingOwnersTest {

    private static final String QUEUE = "flights";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String NOTHING = "RecoveryResult[owners=0, requeued=0, deadLettered=0, deleted=0]";

    /** Starts a program and never asks how it ended. */
    private static final List<String> PARENT_THAT_DOES_NOT_WAIT =
            List.of("sh", "-c", "exec 3<&0; \"$@\" <&3 & exec 3<&-; exec sleep 600", "sh");

    @TempDir
    Path temp;

    private Path spool() {
        return temp.resolve("spool");
    }

    private ChildJvm start() throws Exception {
        return ChildJvm.start(temp, TalkingProcess.class, spool().toString(), QUEUE);
    }

    /** A process that has claimed the one message there is. */
    private static void claim(ChildJvm child) throws Exception {
        assertThat(child.ask("publish LH 400")).isEqualTo("published");
        assertThat(child.ask("poll 30000")).isEqualTo("claimed attempt 0 [LH 400]");
    }

    private OwnerName onlyOwner() throws IOException {
        try (Stream<Path> owners = Files.list(spool().resolve("owners"))) {
            List<OwnerName> names = owners.flatMap(
                            path -> OwnerName.parse(path.getFileName().toString()).stream())
                    .toList();
            assertThat(names).hasSize(1);
            return names.get(0);
        }
    }

    private static void awaitLook(LookingProcess looking, String evidence) {
        await("an owner looks " + evidence)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> looking.answer("look", "").equals(evidence));
    }

    /** Reads its files until the lock is seen to be free; if it was renewed before this looked, again. */
    private static void dropLock(ChildJvm child, LookingProcess looking) {
        await("the lock is free")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> {
                    child.ask("backUp");
                    return looking.answer("look", "").equals("[PRESENT]");
                });
    }

    /** Stops it while its lock is free. */
    private static void stopWithoutLock(ChildJvm child, LookingProcess looking) {
        await("stopped with a free lock")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> {
                    dropLock(child, looking);
                    child.stop();
                    boolean free = looking.answer("look", "").equals("[PRESENT]");
                    if (!free) {
                        child.goOn();
                    }
                    return free;
                });
    }

    @Test
    void aZombieIsDeadAndItsClaimIsRecovered() throws Exception {
        assumeThat(Files.exists(Path.of("/proc/self/stat")))
                .as("there is a /proc in which to see a zombie")
                .isTrue();
        try (ChildJvm parent = ChildJvm.startWithin(
                PARENT_THAT_DOES_NOT_WAIT, temp, TalkingProcess.class, spool().toString(), QUEUE)) {
            claim(parent);
            long pid = onlyOwner().process().pid();
            assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
            awaitLook(new LookingProcess(spool()), "[DEAD]");
            assertThat(Files.readString(Path.of("/proc", Long.toString(pid), "stat")))
                    .as("the parent has not asked how it ended")
                    .contains(") Z ");

            try (TalkingProcess here = new TalkingProcess(spool(), QUEUE)) {
                assertThat(here.answer("poll", "60000")).isEqualTo("claimed attempt 1 [LH 400]");
                assertThat(here.answer("ack", "")).isEqualTo("acked");
            }
        }
        assertThat(SpoolFiles.leftovers(spool())).isEmpty();
    }

    @Test
    void anOwnerWhoseOwnJvmReadsItsLockFileKeepsItsClaimAndGetsTheLockBack() throws Exception {
        try (ChildJvm child = start()) {
            claim(child);
            LookingProcess looking = new LookingProcess(spool());
            dropLock(child, looking);
            assertThat(looking.answer("recover", "0")).isEqualTo(NOTHING);
            awaitLook(looking, "[ALIVE]");
            assertThat(looking.answer("recover", "3600")).isEqualTo(NOTHING);

            assertThat(child.ask("ack")).isEqualTo("acked");
            child.end();
        }
        assertThat(SpoolFiles.leftovers(spool())).isEmpty();
    }

    @Test
    void aStoppedOwnerWithoutALockIsNotRobbedForTenMinutes() throws Exception {
        try (ChildJvm child = start()) {
            claim(child);
            LookingProcess looking = new LookingProcess(spool());
            stopWithoutLock(child, looking);
            for (int seconds : new int[] {0, 5, 594}) {
                assertThat(looking.answer("recover", Integer.toString(seconds))).isEqualTo(NOTHING);
            }
            child.goOn();

            assertThat(child.ask("ack")).isEqualTo("acked");
            awaitLook(looking, "[ALIVE]");
            assertThat(looking.answer("recover", "3600")).as("it showed life").isEqualTo(NOTHING);
            child.end();
        }
        assertThat(SpoolFiles.leftovers(spool())).isEmpty();
    }

    @Test
    void aStoppedOwnerWithoutALockIsDeadAfterTenMinutesAndIsToldSo() throws Exception {
        try (ChildJvm child = start()) {
            claim(child);
            LookingProcess looking = new LookingProcess(spool());
            stopWithoutLock(child, looking);
            assertThat(looking.answer("recover", "0")).isEqualTo(NOTHING);
            assertThat(looking.answer("recover", "600"))
                    .isEqualTo("RecoveryResult[owners=1, requeued=1, deadLettered=0, deleted=0]");
            child.goOn();

            assertThat(child.ask("ack")).startsWith("lost: ");
            assertThat(child.ask("poll 30000")).isEqualTo("claimed attempt 1 [LH 400]");
            assertThat(child.ask("ack")).isEqualTo("acked");
            child.end();
        }
        assertThat(SpoolFiles.leftovers(spool())).isEmpty();
    }

    @Test
    void aLockFileThatWasRemovedIsMadeAgainWithTheNextNumberAndTheClaimIsKept() throws Exception {
        try (ChildJvm child = start()) {
            claim(child);
            LookingProcess looking = new LookingProcess(spool());
            for (int number = 1; number <= 2; number++) {
                Path owner = spool().resolve("owners").resolve(onlyOwner().format());
                Files.delete(owner.resolve(LockFile.name(number)));
                assertThat(looking.answer("recover", "0")).isEqualTo(NOTHING);
                Path next = owner.resolve(LockFile.name(number + 1));
                await(next + " is made").atMost(PATIENCE).until(() -> Files.exists(next));
                awaitLook(looking, "[ALIVE]");
                assertThat(looking.answer("recover", "3600")).isEqualTo(NOTHING);
            }

            assertThat(child.ask("ack")).isEqualTo("acked");
            child.end();
        }
        assertThat(SpoolFiles.leftovers(spool())).isEmpty();
    }

    @Test
    void aSpoolThatWasForgottenIsGivenUpWhileItsProcessLives() throws Exception {
        try (ChildJvm child = ChildJvm.start(temp, ForgettingProcess.class, spool().toString(), QUEUE)) {
            assertThat(child.nextLine()).isEqualTo("claimed LH 400");
            Path owner = spool().resolve("owners").resolve(onlyOwner().format());
            await("the garbage is collected").atMost(PATIENCE).until(() -> child.ask("collect")
                    .equals("collected"));
            await("the owner directory is given up").atMost(PATIENCE).until(() -> {
                child.tell("collect");
                child.nextLine();
                return Files.notExists(owner);
            });

            try (TalkingProcess here = new TalkingProcess(spool(), QUEUE)) {
                List<String> claimed = List.of(pollAndAck(here), pollAndAck(here));
                assertThat(claimed)
                        .containsExactlyInAnyOrder("claimed attempt 1 [LH 400]", "claimed attempt 0 [LH 401]");
                child.requireAlive();
                assertThat(here.answer("poll", "0")).isEqualTo("nothing");
            }
            child.end();
        }
        assertThat(SpoolFiles.leftovers(spool())).isEmpty();
    }

    private static String pollAndAck(TalkingProcess here) throws Exception {
        String claimed = here.answer("poll", "60000");
        assertThat(here.answer("ack", "")).isEqualTo("acked");
        return claimed;
    }
}
