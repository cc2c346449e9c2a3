package io.turboqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes that die at a message, or are killed: no healthy message is set aside for it. */
class PoisonTest {

    private static final String QUEUE = "flights";
    private static final int DEATHS_AT_MOST = 60;

    @TempDir
    Path temp;

    private final List<ChildJvm> children = new ArrayList<>();

    private Path spool() {
        return temp.resolve("spool");
    }

    private Path log() {
        return temp.resolve("handled");
    }

    private Spool openSpool() throws IOException {
        return Spool.builder(spool()).environment(Map.of(), Map.of()).open();
    }

    private void publish(List<String> payloads) throws Exception {
        try (Spool spool = openSpool();
                QueueProducer<String> producer =
                        spool.queue(QUEUE, Codecs.utf8()).producer()) {
            for (String payload : payloads) {
                producer.send(payload);
            }
        }
    }

    private static List<String> messages(String name, int count, int millis) {
        return IntStream.range(0, count).mapToObj(i -> name + i + " " + millis).toList();
    }

    private ChildJvm start(String kind) throws Exception {
        return ChildJvm.start(temp, PoisonedProcess.class, spool().toString(), QUEUE, log().toString(), kind);
    }

    /** N processes at a time, each started again when it has died, until nothing is left to do; how many died. */
    private int runUntilDone(String kind, int processes) throws Exception {
        int died = 0;
        try {
            int looksThatFoundNothing = 0; // one alone may miss what is renamed meanwhile
            while (looksThatFoundNothing < 3) {
                looksThatFoundNothing = isDone() ? looksThatFoundNothing + 1 : 0;
                if (children.removeIf(child -> !child.isAlive())) {
                    died++;
                    assertThat(died).as("deaths").isLessThan(DEATHS_AT_MOST);
                }
                while (children.size() < processes) {
                    children.add(start(kind));
                }
                Thread.sleep(20);
            }
        } finally {
            for (ChildJvm child : children) {
                child.kill();
            }
        }
        return died;
    }

    /** Nothing is ready, delayed or claimed. */
    private boolean isDone() throws IOException {
        try (Stream<Path> files = Files.walk(spool())) {
            return files.map(Path::toString)
                    .noneMatch(file -> file.endsWith(".db") && !file.contains("/dead/") && !file.contains("/free/"));
        } catch (UncheckedIOException movedMeanwhile) {
            return false;
        }
    }

    private List<String> handled() throws IOException {
        return Files.exists(log()) ? Files.readAllLines(log()) : List.of();
    }

    private List<String> dead() throws IOException {
        return SpoolOnDisk.names(spool().resolve(QUEUE).resolve("dead"));
    }

    private void assertOnlyThePoisonIsDead(List<String> healthy) throws Exception {
        assertThat(new TreeSet<>(handled())).isEqualTo(new TreeSet<>(healthy));
        assertThat(dead()).singleElement().asString().contains(".n1.").endsWith("~deaths.db");
        try (Spool spool = openSpool()) {
            TurboQueue<String> queue = spool.queue(QUEUE, Codecs.utf8());
            queue.redrive();
            try (QueueConsumer<String> consumer = queue.consumer();
                    ClaimedBatch<String> batch =
                            consumer.poll(Duration.ofSeconds(60)).orElseThrow()) {
                Message<String> message = batch.iterator().next();
                assertThat(message.payload()).isEqualTo(PoisonedProcess.POISON);
                assertThat(message.headers().get(Headers.ERROR))
                        .startsWith(
                                "5 deliveries failed at this place, the last because the process died at this message");
                batch.ack();
            }
        }
    }

    private static List<String> with(List<String> healthy, int at) {
        List<String> payloads = new ArrayList<>(healthy);
        payloads.add(at, PoisonedProcess.POISON);
        return payloads;
    }

    @Test
    void oneOfAThousandThatKillsItsWorkersIsDeadAloneAmongThoseOfOtherThreadsAndProcesses() throws Exception {
        List<String> beside = messages("a", 999, 0);
        List<String> slow = new ArrayList<>();
        publish(with(beside, 500));
        for (int i = 0; i < 4; i++) {
            List<String> batch = messages("slow" + i + "-", 3, 400);
            publish(batch);
            slow.addAll(batch);
        }

        int died = runUntilDone("workers", 2);

        assertThat(died).isGreaterThanOrEqualTo(5);
        List<String> healthy = new ArrayList<>(beside);
        healthy.addAll(slow);
        assertOnlyThePoisonIsDead(healthy);
    }

    /** It never ends before the next death but once: when it is alone. */
    @Test
    void aSlowMessageBesideThatOneInItsOnlyProcessIsNotSetAside() throws Exception {
        List<String> slow = messages("slow", 1, 1500);
        publish(with(messages("a", 4, 0), 2));
        publish(slow);

        runUntilDone("workers", 1);

        List<String> healthy = new ArrayList<>(messages("a", 4, 0));
        healthy.addAll(slow);
        assertOnlyThePoisonIsDead(healthy);
    }

    @Test
    void thatOfAPlainConsumerWhichChecksEachMessageIsDeadAloneToo() throws Exception {
        List<String> beside = messages("a", 99, 0);
        publish(with(beside, 40));

        runUntilDone("plain", 1);

        assertOnlyThePoisonIsDead(beside);
    }

    @Test
    void theFirstOfABatchIsDeadAlone() throws Exception {
        List<String> beside = messages("a", 9, 0);
        publish(with(beside, 0));

        runUntilDone("plain", 1);

        assertOnlyThePoisonIsDead(beside);
    }

    @Test
    void sevenKillsInOneBatchOfHealthyMessagesSetNoneAside() throws Exception {
        List<String> healthy = messages("a", 120, 10);
        publish(healthy);

        for (int kill = 0; kill < 7; kill++) {
            int before = handled().size();
            try (ChildJvm child = start("workers")) {
                long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
                while (handled().size() < before + 8) {
                    child.requireAlive();
                    assertThat(System.nanoTime()).as("time for eight messages").isLessThan(end);
                    Thread.sleep(2);
                }
                child.kill();
            }
        }
        assertThat(isDone()).isFalse();
        runUntilDone("workers", 1);

        assertThat(dead()).isEmpty();
        assertThat(new TreeSet<>(handled())).isEqualTo(new TreeSet<>(healthy));
    }
}
