package io.turboqueue.cli.inspect;

import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.BatchIds;
import io.turboqueue.layout.QueueName;
import io.turboqueue.scan.BatchEntry;
import io.turboqueue.scan.SpoolScan;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How fast messages go through a queue, from listings alone. Not thread-safe.
 *
 * <p>Producers number their batches, so even those that came and went between two listings are counted: by the numbers that
 * were skipped, each taken for as large as the average batch seen. What went out follows from the balance.
 */
final class FlowRates {

    private static final int MAX_SAMPLES = 10;

    private final SpoolScan scan;
    private final QueueName queue;
    private final Map<String, Long> latest = new HashMap<>();
    private final Deque<Sample> samples = new ArrayDeque<>();
    private double messagesIn;

    /** Running sums and stocks at a time. */
    private record Sample(long nanos, double in, long waiting, long all) {}

    /**
     * Messages per second.
     *
     * @param in published
     * @param out claimed
     * @param acked gone for good
     * @param waiting ready, delayed and claimed messages
     */
    record Rates(double in, double out, double acked, long waiting) {

        /** When the backlog is gone if all continues like this. */
        Optional<Duration> emptyIn() {
            double shrinking = acked - in;
            return waiting == 0 || shrinking * 3600 * 24 * 365 < waiting
                    ? Optional.empty()
                    : Optional.of(Duration.ofMillis((long) (1000 * waiting / shrinking)));
        }
    }

    FlowRates(SpoolScan scan, QueueName queue) {
        this.scan = scan;
        this.queue = queue;
    }

    /** Looks once more, and tells the rates over the last ten looks. */
    Rates look(long nanos) throws IOException {
        Listing listing = new Listing();
        scan.visit(List.of(queue), Set.of(BatchState.values()), listing::add);
        if (!samples.isEmpty()) {
            messagesIn += newBatches(listing) * listing.averageRows();
        }
        listing.highest.forEach((producer, number) -> latest.merge(producer, number, Math::max));
        samples.addLast(new Sample(nanos, messagesIn, listing.waiting, listing.all));
        if (samples.size() > MAX_SAMPLES) {
            samples.removeFirst();
        }
        return rates();
    }

    private long newBatches(Listing listing) {
        long batches = 0;
        for (Map.Entry<String, Long> producer : listing.highest.entrySet()) {
            long before =
                    latest.getOrDefault(producer.getKey(), listing.lowest.getOrDefault(producer.getKey(), 0L) - 1);
            batches += Math.max(0, producer.getValue() - before);
        }
        return batches;
    }

    private Rates rates() {
        Sample first = samples.getFirst();
        Sample last = samples.getLast();
        double seconds = Math.max(1e-3, (last.nanos - first.nanos) / 1e9);
        double in = last.in - first.in;
        double out = in - (last.waiting - first.waiting);
        double acked = in - (last.all - first.all);
        return new Rates(in / seconds, Math.max(0, out) / seconds, Math.max(0, acked) / seconds, last.all);
    }

    /** One look. */
    private static final class Listing {
        private final Map<String, Long> highest = new HashMap<>();
        private final Map<String, Long> lowest = new HashMap<>();
        private long waiting;
        private long all;
        private long batches;
        private long rows;

        void add(BatchEntry entry) {
            batches++;
            rows += entry.name().messages();
            if (entry.state() == BatchState.READY || entry.state() == BatchState.DELAYED) {
                waiting += entry.name().messages();
            }
            if (entry.state() != BatchState.DEAD && entry.state() != BatchState.HELD) {
                all += entry.name().messages();
            }
            String id = entry.name().id();
            BatchIds.Parts parts = BatchIds.parse(id).orElse(new BatchIds.Parts(id, 0));
            highest.merge(parts.producer(), parts.sequence(), Math::max);
            lowest.merge(parts.producer(), parts.sequence(), Math::min);
        }

        double averageRows() {
            return batches == 0 ? 0 : (double) rows / batches;
        }
    }
}
