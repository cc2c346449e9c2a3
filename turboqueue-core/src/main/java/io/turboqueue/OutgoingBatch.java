package io.turboqueue;

import io.turboqueue.batch.BatchSeal;
import io.turboqueue.batch.BatchWriter;
import io.turboqueue.batch.StoredMessage;
import io.turboqueue.disk.FolderGoneException;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.DeadName;
import io.turboqueue.layout.QueueFolder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A batch on its way from this process's owner directory into a queue. Not thread-safe. */
final class OutgoingBatch implements Closeable {

    private final Session session;
    private final QueueFolder queue;
    private final String id;
    private final BatchWriter writer;
    private @Nullable CompletableFuture<@Nullable Void> published;

    OutgoingBatch(Session session, QueueFolder queue, String id, Function<Supplier<Path>, BatchWriter> writers) {
        this.session = session;
        this.queue = queue;
        this.id = id;
        this.writer = writers.apply(this::loading);
    }

    /** Another path once this process works in another owner directory. */
    private Path loading() {
        return session.owner().loading(queue.name(), id);
    }

    void add(StoredMessage message) throws IOException {
        try {
            writer.add(message);
        } catch (FolderGoneException gone) {
            session.owner().ensureHere();
            writer.add(message);
        }
    }

    /** A new future that ends with this batch: see {@link #outcome}. */
    CompletableFuture<@Nullable Void> whenPublished() {
        CompletableFuture<@Nullable Void> shared = published;
        if (shared == null) {
            shared = new CompletableFuture<>();
            published = shared;
        }
        return shared.copy(); // nobody can end another's
    }

    /**
     * What tells those who asked what has become of it; nothing if nobody did.
     *
     * @param failure why it will never be published; null if it was
     */
    List<Runnable> outcome(Supplier<@Nullable Throwable> failure) {
        CompletableFuture<@Nullable Void> waiting = published;
        if (waiting == null) {
            return List.of();
        }
        Throwable why = failure.get();
        return List.of(why == null ? () -> waiting.complete(null) : () -> waiting.completeExceptionally(why));
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
        BatchName name = tryPublish(target, power);
        if (name == null) {
            name = tryPublish(target, power);
        }
        if (name == null) {
            throw new IOException("batch file " + loading() + " is gone again, so it was not published");
        }
        writer.published();
        if (target.state == BatchState.DELAYED) {
            session.delayed(queue, name);
        }
        close();
    }

    /** Null if the file was lost with the directory that it was in; sealing writes it again, to the new one. */
    private @Nullable BatchName tryPublish(Target target, boolean power) throws IOException {
        BatchSeal seal = sealed(power);
        BatchName.Contents contents = new BatchName.Contents(seal.rows(), seal.bytes(), seal.crc32());
        BatchName name = new BatchName(target.priority, target.dueMillis, id, contents, target.history);
        boolean done = session.transitions().publish(queue, loading(), target.state, target.fileName(name), power);
        return done ? name : null;
    }

    private BatchSeal sealed(boolean power) throws IOException {
        try {
            return Uninterruptibly.call(() -> writer.seal(power)); // an interrupt must not keep close() from publishing
        } catch (FolderGoneException gone) {
            session.owner().ensureHere();
            return Uninterruptibly.call(() -> writer.seal(power));
        }
    }

    /**
     * Where a batch goes, and what its name says beside its contents.
     *
     * @param state ready, delayed or dead
     * @param priority 0 to 9
     * @param dueMillis when it is claimable
     * @param history what happened to the messages in it so far
     * @param reason why it is dead, if it goes there
     */
    record Target(BatchState state, int priority, long dueMillis, BatchName.History history, String reason) {
        Target(BatchState state, int priority, long dueMillis, BatchName.History history) {
            this(state, priority, dueMillis, history, DeadName.ATTEMPTS);
        }

        String fileName(BatchName name) {
            return state == BatchState.DEAD ? new DeadName(name, reason).format() : name.format();
        }
    }

    /** Lets the messages go. */
    @Override
    public void close() throws IOException {
        writer.close();
    }
}
