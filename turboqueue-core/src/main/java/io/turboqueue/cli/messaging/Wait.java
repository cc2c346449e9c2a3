package io.turboqueue.cli.messaging;

import io.turboqueue.cli.support.Exit;
import io.turboqueue.cli.support.QueuesVerb;
import io.turboqueue.cli.support.TimeOption;
import io.turboqueue.cli.text.Units;
import io.turboqueue.inspect.QueueStats;
import io.turboqueue.layout.QueueName;
import io.turboqueue.scan.SpoolScan;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Until a queue is empty. */
@Command(
        name = "wait",
        header = "Waits until queues are empty.",
        description =
                "Waits until nothing is ready, delayed or claimed in the queues named, or in all. Held batches and dead letters do "
                        + "not count. Ends with 3 if that took too long.",
        footer = {"  turboqueue wait flights --timeout 10m && echo done"})
public final class Wait extends QueuesVerb {

    private static final long MIN_PAUSE_MILLIS = 50;
    private static final long COSTS = 10;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = TimeOption.class,
            description = "Give up after so long.")
    @Nullable
    private Duration timeout;

    @Override
    protected Exit run() throws Exception {
        SpoolScan scan = scan();
        List<QueueName> queues = queues();
        long start = System.nanoTime();
        int empty = 0;
        while (true) {
            long before = System.nanoTime();
            long left = left(scan, queues);
            empty = left == 0 ? empty + 1 : 0; // one listing alone may have missed what was renamed meanwhile
            if (empty == 2) {
                return Exit.OK;
            }
            if (timeout != null && System.nanoTime() - start >= timeout.toNanos() && left > 0) {
                note(Units.count(left, "batch") + " left after " + Units.age(timeout));
                return Exit.NOTHING;
            }
            if (left > 0) {
                long cost = (System.nanoTime() - before) / 1_000_000;
                Thread.sleep(Math.max(MIN_PAUSE_MILLIS, COSTS * cost));
            }
        }
    }

    private static long left(SpoolScan scan, List<QueueName> queues) throws IOException {
        long left = 0;
        for (QueueStats stats : scan.stats(queues).values()) {
            left += stats.ready().batches()
                    + stats.delayed().batches()
                    + stats.claimed().batches();
        }
        return left;
    }
}
