package io.turboqueue.examples.bench;

import com.squareup.tape2.QueueFile;
import java.io.IOException;
import java.nio.file.Path;

/** Square's Tape, a queue in one file for one process. It syncs each message to the disk, which nobody else here does. */
final class TapeSubject implements Subject {

    private final QueueFile queue;

    TapeSubject(Path folder) throws IOException {
        queue = new QueueFile.Builder(folder.resolve("tape").toFile()).build();
    }

    @Override
    public void write(Workload workload, byte[][] payloads) throws IOException {
        for (int i = 0; i < workload.cycleMessages(); i++) {
            queue.add(payloads[i % payloads.length]);
        }
    }

    @Override
    public long read(Workload workload) throws IOException {
        long bytes = 0;
        for (int i = 0; i < workload.cycleMessages(); i++) {
            byte[] payload = queue.peek();
            bytes += payload == null ? 0 : payload.length;
            queue.remove();
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        queue.close();
    }
}
