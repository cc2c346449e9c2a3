package io.turboqueue.examples.bench;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A {@link LinkedBlockingQueue}: no other process sees it, and it dies with this one. */
final class MemorySubject implements Subject {

    private final BlockingQueue<byte[]> queue = new LinkedBlockingQueue<>();

    @Override
    public void write(Workload workload, byte[][] payloads) {
        for (int i = 0; i < workload.cycleMessages(); i++) {
            queue.add(payloads[i % payloads.length]);
        }
    }

    @Override
    public long read(Workload workload) throws InterruptedException {
        long bytes = 0;
        for (int i = 0; i < workload.cycleMessages(); i++) {
            bytes += queue.take().length;
        }
        return bytes;
    }
}
