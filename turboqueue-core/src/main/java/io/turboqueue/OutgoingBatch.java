package io.turboqueue;

import io.turboqueue.batch.BatchSeal;
import io.turboqueue.batch.BatchWriter;
import io.turboqueue.batch.StoredMessage;
import io.turboqueue.directory.BatchName;
import io.turboqueue.directory.DeadName;
import io.turboqueue.directory.QueueFolder;
import io.turboqueue.directory.State;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.function.Function;

/** A batch on its way from this process's desk into a queue. Not thread-safe. */
final class OutgoingBatch implements Closeable {

    private final Session session;
    private final QueueFolder queue;
    private final String id;
    private final Path loading;
    private final BatchWriter writer;

    OutgoingBatch(Session session, QueueFolder queue, String id, Function<Path, BatchWriter> writers) {
        this.session = session;
        this.queue = queue;
        this.id = id;
        this.loading = session.desk().loading(queue.name(), id);
        this.writer = writers.apply(loading);
    }

    void add(StoredMessage message) throws IOException {
        writer.add(message);
    }

    int rows() {
        return writer.rows();
    }

    long weight() {
        return writer.weight();
    }

    /**
     * Publishes it. When this fails the messages are still here, and it may be tried again.
     *
     * @param power whether it must survive power loss before this returns
     */
    void publish(Target target, boolean power) throws IOException {
        BatchSeal seal = sealUninterrupted(power);
        BatchName.Contents contents = new BatchName.Contents(seal.rows(), seal.bytes(), seal.crc32());
        BatchName name = new BatchName(target.priority, target.dueMillis, id, contents, target.attempt, 0);
        session.transitions().publish(queue, loading, target.state, target.fileName(name), power);
        writer.published();
        close();
    }

    /**
     * An interrupt closes the file under the writer's hands. It must not keep a batch from being published, in close()
     * above all, so it is put off: kept for the caller, and the file written again.
     */
    private BatchSeal sealUninterrupted(boolean power) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return writer.seal(power);
                } catch (ClosedByInterruptException | InterruptedIOException putOff) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Where a batch goes, and what its name says beside its contents.
     *
     * @param state ready, later or dead
     * @param priority 0 to 9
     * @param dueMillis when it is claimable
     * @param attempt deliveries so far of the messages in it
     */
    record Target(State state, int priority, long dueMillis, int attempt) {
        String fileName(BatchName name) {
            return state == State.DEAD ? new DeadName(name, DeadName.ATTEMPTS).format() : name.format();
        }
    }

    /** Lets the messages go. */
    @Override
    public void close() throws IOException {
        writer.close();
    }
}
