package io.turboqueue.scan;

import io.turboqueue.inspect.FlowRates;
import io.turboqueue.inspect.SpoolSample;
import io.turboqueue.inspect.SpoolSnapshot;
import io.turboqueue.layout.QueueName;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Takes snapshots of a spool, with rates over the last few. Each takes one listing of each folder. Not thread-safe. */
public final class SpoolSampler {

    private final SpoolScan scan;
    private final Map<String, FlowMeter> meters = new HashMap<>();

    /** A sampler that has not sampled yet. */
    public SpoolSampler(SpoolScan scan) {
        this.scan = scan;
    }

    /**
     * Takes the next sample.
     *
     * @param queues which queues
     * @param time the time to be given to the snapshot
     * @param nanos the time by a clock that only goes forward, for the rates
     */
    public SpoolSample sample(Collection<QueueName> queues, Instant time, long nanos) throws IOException {
        Map<String, FlowMeter.Listing> listings = new HashMap<>();
        SpoolSnapshot snapshot = scan.snapshot(
                queues, time, entry -> listings.computeIfAbsent(entry.queue().text(), queue -> new FlowMeter.Listing())
                        .add(entry));
        Map<String, FlowRates> rates = new LinkedHashMap<>();
        for (String queue : snapshot.queues().keySet()) {
            FlowMeter meter = meters.computeIfAbsent(queue, name -> new FlowMeter());
            rates.put(queue, meter.sample(listings.getOrDefault(queue, new FlowMeter.Listing()), nanos));
        }
        meters.keySet().retainAll(snapshot.queues().keySet());
        return new SpoolSample(snapshot, rates);
    }
}
