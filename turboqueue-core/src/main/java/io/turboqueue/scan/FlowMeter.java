package io.turboqueue.scan;

import io.turboqueue.inspect.BatchState;
import io.turboqueue.inspect.FlowRates;
import io.turboqueue.layout.BatchIds;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * How fast messages go through a queue, from listings alone. Not thread-safe.
 *
 * <p>Producers number their batches, so even those that came and went between two listings are counted: by the numbers
 * that were skipped, each taken for as large as the average batch seen. What went out follows from the balance.
 */
final class FlowMeter {

    private static final int MAX_SAMPLES = 10;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MIN_SECONDS = 1e-3;

    private final Map<String, Long> latest = new HashMap<>();
    private final Deque<Sample> samples = new ArrayDeque<>();
    private double messagesIn;

    /**
     * One listing.
     *
     * @param nanos when it was taken
     * @param in all messages published up to then
     * @param waiting messages that are ready or delayed
     * @param backlog these and the claimed ones
     */
    private record Sample(long nanos, double in, long waiting, long backlog) {}

    /** Adds a listing, and returns the rates over the last ten. */
    FlowRates sample(Listing listing, long nanos) {
        if (!samples.isEmpty()) {
            messagesIn += newBatches(listing) * listing.averageMessages();
        }
        listing.highest.forEach((producer, number) -> latest.merge(producer, number, Math::max));
        samples.addLast(new Sample(nanos, messagesIn, listing.waiting, listing.backlog));
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

    private FlowRates rates() {
        Sample first = samples.getFirst();
        Sample last = samples.getLast();
        double seconds = Math.max(MIN_SECONDS, (last.nanos - first.nanos) / NANOS_PER_SECOND);
        double in = last.in - first.in;
        double out = in - (last.waiting - first.waiting);
        double done = in - (last.backlog - first.backlog);
        return new FlowRates(in / seconds, Math.max(0, out) / seconds, Math.max(0, done) / seconds, last.backlog);
    }

    /** What one listing found of a queue. */
    static final class Listing {
        private final Map<String, Long> highest = new HashMap<>();
        private final Map<String, Long> lowest = new HashMap<>();
        private long waiting;
        private long backlog;
        private long batches;
        private long messages;

        void add(BatchEntry entry) {
            long found = entry.name().messages();
            batches++;
            messages += found;
            if (entry.state() == BatchState.READY || entry.state() == BatchState.DELAYED) {
                waiting += found;
            }
            if (entry.state() != BatchState.DEAD && entry.state() != BatchState.HELD) {
                backlog += found;
            }
            String id = entry.name().id();
            BatchIds.Parts parts = BatchIds.parse(id).orElse(new BatchIds.Parts(id, 0));
            highest.merge(parts.producer(), parts.sequence(), Math::max);
            lowest.merge(parts.producer(), parts.sequence(), Math::min);
        }

        private double averageMessages() {
            return batches == 0 ? 0 : (double) messages / batches;
        }
    }
}
