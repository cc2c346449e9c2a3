package io.turboqueue.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.turboqueue.examples.ProcessGroup.State;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
    void thePauseGrowsForAWorkerThatIsKilledAgainAndAgainButItIsNotGivenUp() {
        Queue<String> pauses = new ConcurrentLinkedQueue<>();
        builder.restarts(0).onEvent(event -> {
            if (event.kind() == WorkerEvent.Kind.PAUSED) {
                pauses.add(event.detail());
            }
        });
        try (ProcessGroup group = builder.worker("a", sh("kill -9 $$")).start()) {
            await().until(() -> group.restarts() >= 4);

            assertThat(group.givenUp()).isEmpty();
        }
        assertThat(List.copyOf(pauses).subList(0, 4))
                .extracting(detail -> detail.replaceAll(":.*", ""))
                .containsExactly("for 1 ms", "for 2 ms", "for 4 ms", "for 4 ms");
    }

    @Test
    void replicasAreNumberedInTheirNamesAndArguments() {
        WorkerSpec worker = WorkerSpec.of("a", List.of("sh", "-c", "echo $0", WorkerSpec.REPLICA));
        try (ProcessGroup group = builder.replicas(worker, 3).start()) {
            await().until(() -> lines.size() == 3);

            assertThat(group.restarts()).isZero();
            assertThat(lines).containsExactlyInAnyOrder("a-0: 0", "a-1: 1", "a-2: 2");
        }
    }

    @Test
    void aWorkerHasTheEnvironmentAndTheFolderThatAreGivenToIt() throws Exception {
        Path place = Files.createDirectory(folder.resolve("place"));
        WorkerSpec worker = WorkerSpec.of("a", List.of("sh", "-c", "echo $COLOUR; pwd"))
                .withVariable("COLOUR", "green")
                .withFolder(place);
        try (ProcessGroup group = builder.worker(worker).start()) {
            await().until(() -> group.state("a") == State.FINISHED);

            assertThat(lines).containsExactly("a: green", "a: " + place.toRealPath());
        }
    }

    @Test
    void aWorkerIsReadyWhenItSaysSo() throws Exception {
        WorkerSpec worker = WorkerSpec.of("a", sh("read line < go; echo ready; exec sleep 1000"))
                .withReadyLine("ready"::equals);
        assertThat(new ProcessBuilder("mkfifo", folder.resolve("go").toString())
                        .start()
                        .waitFor())
                .isZero();
        try (ProcessGroup group =
                builder.worker(worker).worker("b", sh("exec sleep 1000")).start()) {
            await().until(() -> group.state("a") == State.STARTING && group.state("b") == State.RUNNING);
            assertThat(group.awaitReady(Duration.ofMillis(20))).isFalse();

            Files.writeString(folder.resolve("go"), "go\n");

            assertThat(group.awaitReady(Duration.ofSeconds(30))).isTrue();
            assertThat(group.state("a")).isEqualTo(State.RUNNING);
        }
    }

    @Test
    void whoWaitsForAWorkerThatIsGivenUpIsNotLeftWaiting() throws Exception {
        try (ProcessGroup group = builder.restarts(0)
                .worker(WorkerSpec.of("a", sh("exit 1")).withReadyLine("ready"::equals))
                .start()) {
            assertThat(group.awaitReady(Duration.ofDays(1))).isFalse();
        }
    }

    @Test
    void aDeathAtWhatWasSaidToBeRiskyDoesNotCount() {
        String script = "echo life >> lives; echo risky; test $(wc -l < lives) -eq 6";
        try (ProcessGroup group = builder.restarts(1)
                .worker(WorkerSpec.of("a", sh(script)).withMeaning(ProcessGroupTest::meaning))
                .start()) {
            await().until(() -> group.state("a") == State.FINISHED);

            assertThat(group.restarts()).isEqualTo(5);
            assertThat(log).contains("[a] was started again: died at what had killed it before (exit status 1)");
        }
    }

    @Test
    void progressBeginsANewRowOfFailures() {
        String script = "echo life >> lives; echo progress; test $(wc -l < lives) -eq 6";
        try (ProcessGroup group = builder.restarts(1)
                .worker(WorkerSpec.of("a", sh(script)).withMeaning(ProcessGroupTest::meaning))
                .start()) {
            await().until(() -> group.state("a") == State.FINISHED);

            assertThat(group.restarts()).isEqualTo(5);
        }
    }

    private static WorkerSpec.Meaning meaning(String line) {
        return switch (line) {
            case "risky" -> WorkerSpec.Meaning.RISKY;
            case "progress" -> WorkerSpec.Meaning.PROGRESS;
            default -> WorkerSpec.Meaning.NOTHING;
        };
    }

    @Test
    void eventsTellALifeFromItsStartToItsEnd() {
        Queue<String> events = new ConcurrentLinkedQueue<>();
        builder.restarts(1).onEvent(event -> {
            boolean hasProcess = event.pid() > 0;
            events.add(event.kind() + (hasProcess ? " of a process" : "") + " " + event.detail());
        });
        try (ProcessGroup group = builder.worker("a", sh("exit 3")).start()) {
            await().until(() -> group.state("a") == State.GIVEN_UP);

            assertThat(events)
                    .containsExactly(
                            "STARTED of a process ",
                            "READY of a process ",
                            "ENDED of a process with exit status 3",
                            "PAUSED for 1 ms: failed with exit status 3",
                            "STARTED of a process ",
                            "READY of a process ",
                            "ENDED of a process with exit status 3",
                            "GIVEN_UP failed with exit status 3, 2 times in a row");
        }
    }

    @Test
    void workersAddedLastEndFirstIfTheGroupStopsInOrder() {
        String politely = "trap 'echo bye; kill $!; exit' TERM; sleep 1000 & echo up; wait";
        ProcessGroup group = builder.stopInOrder()
                .worker("first", sh(politely))
                .replicas(WorkerSpec.of("second", sh(politely)), 2)
                .worker("third", sh(politely))
                .start();
        await().until(() -> lines.size() == 4);
        lines.clear();

        group.close();

        assertThat(lines).hasSize(4).startsWith("third: bye").endsWith("first: bye");
    }

    @Test
    void whatAKilledWorkerLeftBehindIsKilledToo() throws Exception {
        assumeThat(Path.of("/proc/self/environ")).exists();
        String parent = "setsid sh -c 'echo $$ > child; exec sleep 1000' & echo up; wait";
        try (ProcessGroup group = builder.restart(ProcessGroup.Restart.NEVER)
                .worker("a", sh(parent))
                .start()) {
            await().until(() -> Files.exists(folder.resolve("child"))
                    && Files.size(folder.resolve("child")) > 0
                    && lines.contains("a: up"));
            ProcessHandle child = ProcessHandle.of(Long.parseLong(
                            Files.readString(folder.resolve("child")).strip()))
                    .orElseThrow();

            group.process("a").orElseThrow().destroyForcibly();

            await().until(() -> !child.isAlive());
        }
    }

    @Test
    void anEndlessLineIsCut() {
        String endless = "head -c 1000000 /dev/zero | tr '\\0' x; echo; echo after";
        try (ProcessGroup group = builder.worker("a", sh(endless)).start()) {
            await().until(() -> group.state("a") == State.FINISHED);

            assertThat(lines).hasSize(2).last().isEqualTo("a: after");
            assertThat(lines.peek())
                    .hasSizeLessThan(LinePump.MAX + 100)
                    .endsWith("x... (" + (1_000_000 - LinePump.MAX) + " more characters)");
        }
    }

    @Test
    void linesEndAsTheyDoElsewhere() {
        List<String> found = new ArrayList<>();

        LinePump.run(new ByteArrayInputStream("a\r\nb\rc\n\nd".getBytes(StandardCharsets.UTF_8)), found::add);

        assertThat(found).containsExactly("a", "b", "c", "", "d");
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
