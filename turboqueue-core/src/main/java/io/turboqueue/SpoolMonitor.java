package io.turboqueue;

import io.turboqueue.inspect.SpoolSample;
import io.turboqueue.layout.QueueName;
import io.turboqueue.scan.SpoolSampler;
import io.turboqueue.scan.SpoolScan;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Collection;

/**
 * Watches the rates of queues from outside, from one listing of each folder per sample; no process has to report
 * anything. Batches that came and went between two samples are counted by the numbers that producers give their
 * batches. Not thread-safe.
 */
public final class SpoolMonitor {

    private final SpoolScan scan;
    private final SpoolSampler sampler;
    private final InstantSource clock;

    SpoolMonitor(SpoolScan scan, InstantSource clock) {
        this.scan = scan;
        this.sampler = new SpoolSampler(scan);
        this.clock = clock;
    }

    /**
     * Takes a sample of all queues.
     *
     * @return a snapshot, and each queue's rates over the last ten samples
     * @throws IOException if the spool's own folders cannot be listed
     */
    public SpoolSample sample() throws IOException {
        return sample(scan.queues().stream().map(QueueName::text).toList());
    }

    /**
     * Takes a sample of some queues.
     *
     * @param queues the names of the queues
     * @return a snapshot, and each queue's rates over the last ten samples
     * @throws IllegalArgumentException if a name is not allowed
     * @throws IOException if the spool's own folders cannot be listed
     */
    public SpoolSample sample(Collection<String> queues) throws IOException {
        return sampler.sample(queues.stream().map(QueueName::new).toList(), clock.instant(), System.nanoTime());
    }
}
