package io.turboqueue.examples.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.examples.Terminal;
import io.turboqueue.examples.kafka.Progress.Told;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.inspect.QueueStats;
import io.turboqueue.inspect.StateStats;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RateTableTest {

    private static final int WORKERS = 40;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final AtomicLong now = new AtomicLong();

    @Test
    void itShowsAProcessPerRowAndEachStateOfAQueueInAColumn() {
        List<String> lines = shown(new Terminal(24, 80), 2);

        assertThat(lines)
                .containsExactly(
                        "PROCESS      STATE           IN/S      OUT/S           OUT  RECOGNISED   FAILED",
                        "in-0         running        1,000      1,000         1,000           0        0",
                        "worker-0     running        1,000        900           900           0      100",
                        "worker-1     running        1,000        900           900           0      100",
                        "QUEUE                         READY  BATCHES    AT WORK    DELAYED      DEAD",
                        "pipeline.in                   1,200        3        400         70         5",
                        "restarts: 7");
    }

    @Test
    void itIsNotTallerThanTheTerminalAndTheRowOfAKindIsTheSumOfItsProcesses() {
        List<String> lines = shown(new Terminal(24, 80), WORKERS);

        assertThat(lines)
                .containsExactly(
                        "PROCESS      STATE           IN/S      OUT/S           OUT  RECOGNISED   FAILED",
                        "in x 1       running        1,000      1,000         1,000           0        0",
                        "worker x 40  running       40,000     36,000        36,000           0    4,000",
                        "QUEUE                         READY  BATCHES    AT WORK    DELAYED      DEAD",
                        "pipeline.in                   1,200        3        400         70         5",
                        "restarts: 7");
    }

    @Test
    void itFitsIntoTheSmallestTerminal() {
        assertThat(shown(new Terminal(4, 20), WORKERS)).hasSize(3).allSatisfy(line -> assertThat(line)
                .hasSizeLessThan(20));
    }

    @Test
    void whereThereIsNoTerminalASummaryIsPrinted() {
        assertThat(shown(Terminal.NONE, 2))
                .containsExactly("in 250/s  out 0/s  out in all 0"
                        + "  pipeline.in 1,200 ready 400 at work 70 delayed 5 dead  restarts 7");
    }

    @Test
    void aProcessThatIsDownSaysSoAndKeepsItsCount() {
        RateTable table = table(new Terminal(24, 80));
        table.add("worker-0", new Told(10, 10, 0, 0, "running"));

        now.addAndGet(1_000_000_000L);
        table.show(List.of(), List.of(), 1);

        assertThat(printed()).contains("worker-0     down              10         10            10");
    }

    private List<String> shown(Terminal terminal, int workers) {
        RateTable table = table(terminal);
        table.add("in-0", new Told(1_000, 1_000, 0, 0, "running"));
        for (int worker = 0; worker < workers; worker++) {
            table.add("worker-" + worker, new Told(1_000, 900, 0, 100, "running"));
        }
        List<String> living = Stream.concat(
                        Stream.of("in-0"), IntStream.range(0, workers).mapToObj(worker -> "worker-" + worker))
                .toList();
        now.addAndGet(terminal.isThere() ? 1_000_000_000L : 4_000_000_000L);
        table.show(living, List.of(new RateTable.Queue("pipeline.in", stats())), 7);
        return printed().lines().toList();
    }

    private static QueueStats stats() {
        return new QueueStats(
                Map.of(
                        BatchState.READY, messages(3, 1_200),
                        BatchState.CLAIMED, messages(1, 400),
                        BatchState.DELAYED, messages(1, 70),
                        BatchState.DEAD, messages(1, 5)),
                0,
                false);
    }

    private static StateStats messages(long batches, long messages) {
        return new StateStats(batches, messages, 0, Optional.empty());
    }

    private RateTable table(Terminal terminal) {
        return new RateTable(new PrintStream(printed, true, StandardCharsets.UTF_8), terminal, now::get);
    }

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }
}
