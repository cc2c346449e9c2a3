package io.turboqueue.examples.torture;

import io.turboqueue.CorruptBatchException;
import io.turboqueue.QueueConsumer;
import io.turboqueue.Spool;
import io.turboqueue.TurboQueue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Looks at the queues all the time, and clears the directories of dead owners as every process with a consumer does; it claims
 * nothing itself.
 */
final class MaintenanceJob implements Job {

    private static final int PEEK = 20;
    private static final long PAUSE_MILLIS = 20;

    private final List<TurboQueue<String>> queues = new ArrayList<>();
    private final List<QueueConsumer<String>> consumers = new ArrayList<>();

    MaintenanceJob(Assignment assignment, Spool spool) throws IOException {
        for (String name : assignment.workload().queues()) {
            TurboQueue<String> queue = assignment.workload().queue(spool, name);
            queues.add(queue);
            consumers.add(queue.consumer());
        }
    }

    @Override
    public void runOnce() throws InterruptedException {
        for (TurboQueue<String> queue : queues) {
            try {
                look(queue);
            } catch (IOException failing) {
                // a disk that is full or fails; nothing is claimed here, so nothing is to be done
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        }
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }

    private static void look(TurboQueue<String> queue) throws IOException {
        queue.inspector().stats();
        try {
            queue.inspector().peek(PEEK);
        } catch (CorruptBatchException planted) {
            // a consumer sets it aside
        }
    }

    @Override
    public void close() {
        consumers.forEach(QueueConsumer::close);
    }
}
