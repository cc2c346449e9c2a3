package io.turboqueue.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.turboqueue.examples.ProcessGroup.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ProcessGroupTest {

    @TempDir
    Path folder;

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Queue<String> log = new ConcurrentLinkedQueue<>();
    private final ProcessGroup.Builder builder = ProcessGroup.builder()
            .onLine((worker, line) -> lines.add(worker + ": " + line))
            .onLog(log::add)
            .backoff(Duration.ofMillis(1), Duration.ofMillis(4));

    @AfterEach
    void noProcessIsLeft() {
        assertThat(ProcessHandle.current().children()).isEmpty();
    }

    @Test
    void aWorkerThatExitsWithZeroHasFinishedAndItsLinesWereHeardBefore() {
        try (ProcessGroup group = builder.worker("a", sh("echo one; echo two")).start()) {
            await().until(() -> group.state("a") == State.FINISHED);

            assertThat(lines).containsExactly("a: one", "a: two");
            assertThat(group.restarts()).isZero();
            assertThat(group.givenUp()).isEmpty();
        }
    }

    @Test
    void aWorkerThatDiesIsStartedAgain() {
        String diesTwice = "echo life >> lives; test $(wc -l < lives) -eq 3";
        try (ProcessGroup group = builder.worker("a", sh(diesTwice)).start()) {
            await().until(() -> group.state("a") == State.FINISHED);

            assertThat(folder.resolve("lives")).hasContent("life\nlife\nlife");
            assertThat(group.restarts()).isEqualTo(2);
            assertThat(log)
                    .containsExactly(
                            "[a] was started again: failed with exit status 1",
                            "[a] was started again: failed with exit status 1, 2 times in a row");
        }
    }

    @Test
    void aWorkerThatIsToRunAlwaysIsStartedAgainThoughItExitedWithZero() {
        builder.restart(ProcessGroup.Restart.ALWAYS).restarts(1);
        try (ProcessGroup group = builder.worker("a", sh("exit 0")).start()) {
            await().until(() -> group.givenUp().isPresent());

            assertThat(group.givenUp())
                    .hasValue("a ended though it should run always, 2 times in a row, and was given up");
            assertThat(group.restarts()).isEqualTo(1);
        }
    }

    @Test
    void aWorkerThatIsNeverStartedAgainIsGivenUpAtItsFirstFailure() {
        try (ProcessGroup group = builder.restart(ProcessGroup.Restart.NEVER)
                .worker("a", sh("kill -9 $$"))
                .start()) {
            await().until(() -> group.givenUp().isPresent());

            assertThat(group.restarts()).isZero();
        }
    }

    @Test
    void aWorkerThatDiesTooOftenIsGivenUp() {
        try (ProcessGroup group = builder.restarts(2).worker("a", sh("exit 3")).start()) {
            await().until(() -> group.givenUp().isPresent());

            assertThat(group.givenUp()).hasValue("a failed with exit status 3, 3 times in a row, and was given up");
            assertThat(group.state("a")).isEqualTo(State.GIVEN_UP);
            assertThat(group.restarts()).isEqualTo(2);
        }
    }

    @Test
    void aWorkerThatCannotBeStartedIsGivenUpToo() {
        try (ProcessGroup group = builder.restarts(0)
                .worker("a", List.of(folder.resolve("no-such-program").toString()))
                .start()) {
            await().until(() -> group.givenUp().isPresent());

            assertThat(group.givenUp()).get().asString().contains("cannot be started", "no-such-program");
        }
    }

    @Test
    void aKilledWorkerIsStartedAgainHoweverOftenThatHappens() {
        try (ProcessGroup group =
                builder.restarts(0).worker("a", sh("exec sleep 1000")).start()) {
            for (int kills = 1; kills <= 3; kills++) {
                await().until(() -> group.process("a").isPresent());
                group.process("a").orElseThrow().destroyForcibly();
                int restarts = kills;
                await().until(() -> group.restarts() == restarts);
            }

            assertThat(group.givenUp()).isEmpty();
            assertThat(log)
                    .first()
                    .asString()
                    .isEqualTo("[a] was started again: it was stopped from outside (exit status 137)");
        }
    }

    @Test
    void closingAsksWorkersToEndAndTheirLastLinesAreHeard() {
        String politely = "trap 'echo bye; kill $!; exit' TERM; sleep 1000 & echo up; wait";
        ProcessGroup group = builder.worker("a", sh(politely)).start();
        await().until(() -> lines.contains("a: up"));

        group.close();

        assertThat(lines).containsExactly("a: up", "a: bye");
        assertThat(group.state("a")).isEqualTo(State.STOPPED);
    }

    @Test
    void closingKillsAWorkerThatIgnoresSigtermTogetherWithItsChildren() {
        String stubborn = "trap '' TERM; echo up; while true; do sleep 1000; done";
        ProcessGroup group =
                builder.grace(Duration.ofMillis(50)).worker("a", sh(stubborn)).start();
        await().until(() -> lines.contains("a: up"));
        ProcessHandle worker = group.process("a").orElseThrow();
        await().until(() -> worker.descendants().findAny().isPresent());
        List<ProcessHandle> children = worker.descendants().toList();

        group.close();

        assertThat(worker.isAlive()).isFalse();
        await().until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
        assertThat(group.state("a")).isEqualTo(State.STOPPED);
    }

    @Test
    void closingEndsThePauseBeforeARestart() {
        Duration aDay = Duration.ofDays(1);
        ProcessGroup group =
                builder.backoff(aDay, aDay).worker("a", sh("exit 1")).start();
        await().until(() -> group.state("a") == State.PAUSED && group.running().isEmpty());

        group.close();

        assertThat(group.state("a")).isEqualTo(State.STOPPED);
        assertThat(group.restarts()).isZero();
    }

    @Test
    void closingTwiceIsClosingOnce() {
        ProcessGroup group = builder.worker("a", sh("exec sleep 1000")).start();

        group.close();
        group.close();

        assertThat(group.running()).isEmpty();
    }

    @Test
    void anInterruptedCallerDoesNotWaitForTheGracePeriod() {
        String stubborn = "trap '' TERM; echo up; while true; do sleep 1000; done";
        ProcessGroup group =
                builder.grace(Duration.ofDays(1)).worker("a", sh(stubborn)).start();
        await().until(() -> lines.contains("a: up"));

        Thread.currentThread().interrupt();
        group.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(group.running()).isEmpty();
    }

    @Test
    void linesOfStandardErrorAreLoggedWithTheNameOfTheWorker() {
        try (ProcessGroup group = builder.worker("a", sh("echo help >&2"))
                .worker("b", sh("echo hello >&2"))
                .start()) {
            await().until(() -> group.state("a") == State.FINISHED && group.state("b") == State.FINISHED);

            assertThat(log).containsExactlyInAnyOrder("[a] help", "[b] hello");
            assertThat(lines).isEmpty();
        }
    }

    @Test
    void standardInputOfAWorkerStaysOpen() {
        try (ProcessGroup group =
                builder.worker("a", sh("echo up; read line; echo ended")).start()) {
            await().until(() -> lines.contains("a: up"));
            await().during(Duration.ofMillis(100)).until(() -> group.state("a") == State.RUNNING);

            assertThat(lines).doesNotContain("a: ended");
        }
    }

    @Test
    void anotherMainClassRunsAsThisProcessDoes() {
        List<String> hello = JavaCommand.of(Hello.class, List.of("-Dgreeting=hello"), List.of("world"));
        try (ProcessGroup group = builder.worker("a", hello).start()) {
            await().until(() -> group.state("a") == State.FINISHED);

            assertThat(lines).containsExactly("a: hello world " + Runtime.version());
        }
    }

    @Test
    void thePauseDoublesUpToTheLongest() {
        ProcessGroup.Policy policy = new ProcessGroup.Policy(
                ProcessGroup.Restart.ON_FAILURE, 5, Duration.ofMillis(200), Duration.ofSeconds(1), Duration.ZERO);

        assertThat(List.of(policy.pause(0), policy.pause(1), policy.pause(2), policy.pause(3), policy.pause(4)))
                .extracting(Duration::toMillis)
                .containsExactly(200L, 200L, 400L, 800L, 1000L);
        assertThat(policy.pause(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void twoWorkersOfOneNameAreRefused() {
        builder.worker("a", sh("true"));

        assertThatThrownBy(() -> builder.worker("a", sh("true")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a already");
    }

    @Test
    void anUnknownWorkerIsRefused() {
        try (ProcessGroup group = builder.worker("a", sh("true")).start()) {
            assertThatThrownBy(() -> group.state("b"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("no worker is called b, only [a]");
        }
    }

    private List<String> sh(String script) {
        return List.of("sh", "-c", "cd '" + folder + "' && { " + script + "; }");
    }

    /** Says what it was given. */
    static final class Hello {

        private Hello() {}

        public static void main(String[] args) {
            System.out.println(System.getProperty("greeting") + " " + args[0] + " " + Runtime.version());
        }
    }
}
