package io.turboqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where an owner's process cannot be seen, it is not taken for dead because of that. */
@Timeout(300)
class SeparatedOwnersTest {

    private static final String QUEUE = "flights";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String NOTHING = "RecoveryResult[owners=0, requeued=0, deadLettered=0, deleted=0]";
    private static final int ROUNDS = 2;

    @TempDir
    Path temp;

    private Path spool() {
        return temp.resolve("spool");
    }

    private ChildJvm start(List<String> within, Class<?> main, String... arguments) throws IOException {
        return ChildJvm.startWithin(within, temp, main, arguments);
    }

    private ChildJvm owner(List<String> within) throws IOException {
        return start(within, TalkingProcess.class, spool().toString(), QUEUE);
    }

    private ChildJvm looker(List<String> within) throws IOException {
        return start(within, LookingProcess.class, spool().toString());
    }

    /** It has claimed the one message there is. */
    private static void claim(ChildJvm owner) throws InterruptedException {
        assertThat(owner.ask("publish LH 400")).isEqualTo("published");
        assertThat(owner.ask("poll 30000")).isEqualTo("claimed attempt 0 [LH 400]");
    }

    private static void awaitLook(ChildJvm looker, String evidence) {
        await("an owner looks " + evidence)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> looker.ask("look").equals(evidence));
    }

    private FileTime lockFileTime() throws IOException {
        try (Stream<Path> tree = Files.walk(spool().resolve("owners"))) {
            Path file = tree.filter(path -> path.toString().endsWith(".lock"))
                    .findFirst()
                    .orElseThrow(() -> new NoSuchFileException("a lock file"));
            return Files.getLastModifiedTime(file);
        }
    }

    /** Each round ends sooner after a sign of life than a death is believed; all together are longer than that. */
    private void requireNotRobbedWhileItShowsLife(ChildJvm owner, ChildJvm looker) throws Exception {
        assertThat(looker.ask("look")).isEqualTo("[ALIVE]");
        assertThat(owner.ask("backUpForEver")).isEqualTo("reading");
        for (int round = 0; round < ROUNDS; round++) {
            FileTime before = lockFileTime();
            awaitLook(looker, "[UNKNOWN]");
            assertThat(looker.ask("recover 4")).isEqualTo(NOTHING);
            await("the owner shows that it lives").atMost(PATIENCE).until(() -> !lockFileTime()
                    .equals(before));
        }
        assertThat(owner.ask("ack")).isEqualTo("acked");
        owner.end();
        assertThat(SpoolFiles.leftovers(spool())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void anOwnerThatLosesItsLockAgainAndAgainIsNotRobbedFrom(OtherPlace place) throws Exception {
        place.assumeThere(temp);
        try (ChildJvm owner = owner(List.of())) {
            claim(owner);
            try (ChildJvm looker = looker(place.enter(temp))) {
                requireNotRobbedWhileItShowsLife(owner, looker);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ANOTHER_USER_AND_HIDEPID") // who may not open the spool
    void anOwnerThatLosesItsLockAgainAndAgainIsNotRobbedIn(OtherPlace place) throws Exception {
        place.assumeThere(temp);
        try (ChildJvm owner = owner(place.enter(temp))) {
            claim(owner);
            try (ChildJvm looker = looker(List.of())) {
                requireNotRobbedWhileItShowsLife(owner, looker);
            }
        }
    }

    /** Everything in the owner's name is the looker's, but its {@code /proc} is that of another namespace. */
    @Test
    void anOwnerInTheSameNamespaceIsNotRobbedIfTheProcFolderIsOfAnother() throws Exception {
        OtherPlace place = OtherPlace.PID_NAMESPACE_WITH_OUTER_PROC;
        place.assumeThere(temp);
        try (ChildJvm owner = owner(place.enter(temp))) {
            claim(owner);
            long inside = ProcessHandle.of(owner.pid())
                    .flatMap(parent -> parent.children().findFirst())
                    .orElseThrow()
                    .pid();
            try (ChildJvm looker = looker(List.of("nsenter", "--target", Long.toString(inside), "--pid"))) {
                requireNotRobbedWhileItShowsLife(owner, looker);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStoppedOwnerWithoutALockIsDeadAfterFiveSecondsAndNotBefore(OtherPlace place) throws Exception {
        place.assumeThere(temp);
        try (ChildJvm owner = owner(List.of())) {
            claim(owner);
            try (ChildJvm looker = looker(place.enter(temp))) {
                stopWithoutLock(owner, looker);
                assertThat(looker.ask("recover 0")).isEqualTo(NOTHING);
                assertThat(looker.ask("recover 4")).isEqualTo(NOTHING);
                owner.goOn();
                awaitLook(looker, "[ALIVE]");
                assertThat(looker.ask("recover 4")).as("it showed life").isEqualTo(NOTHING);

                stopWithoutLock(owner, looker);
                assertThat(looker.ask("recover 0")).isEqualTo(NOTHING);
                assertThat(looker.ask("recover 5"))
                        .isEqualTo("RecoveryResult[owners=1, requeued=1, deadLettered=0, deleted=0]");
            }
            owner.goOn();
            assertThat(owner.ask("ack")).startsWith("lost: ");
            assertThat(owner.ask("poll 30000")).isEqualTo("claimed attempt 1 [LH 400]");
            assertThat(owner.ask("ack")).isEqualTo("acked");
            owner.end();
        }
        assertThat(SpoolFiles.leftovers(spool())).isEmpty();
    }

    private static void stopWithoutLock(ChildJvm owner, ChildJvm looker) {
        await("stopped with a free lock")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> {
                    owner.ask("backUp");
                    owner.stop();
                    boolean free = looker.ask("look").equals("[UNKNOWN]");
                    if (!free) {
                        owner.goOn();
                    }
                    return free;
                });
    }
}
