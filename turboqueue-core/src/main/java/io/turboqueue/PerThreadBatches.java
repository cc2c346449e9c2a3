package io.turboqueue;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One thread's batches, one after the other. Only {@link #leave} may be called by another thread, instead of that one. */
final class PerThreadBatches<T> implements WorkSource<T> {

    private final Claiming<T> claiming;
    private volatile @Nullable ActiveBatch<T> batch;

    PerThreadBatches(Claiming<T> claiming) {
        this.claiming = claiming;
    }

    @Override
    public @Nullable Work<T> next() throws IOException, InterruptedException {
        if (claiming.stopping().getAsBoolean()) {
            return null;
        }
        Work<T> work = take(batch);
        if (work != null) {
            return work;
        }
        batch = claiming.next();
        return take(batch);
    }

    private @Nullable Work<T> take(@Nullable ActiveBatch<T> from) throws IOException {
        Message<T> message = from == null ? null : from.take();
        return from == null || message == null ? null : new Work<>(from, message);
    }

    @Override
    public void done(Work<T> work) {
        // the next one is this thread's too
    }

    @Override
    public void leave() throws IOException {
        ActiveBatch<T> last = batch;
        if (last != null) {
            last.requeue();
        }
    }

    @Override
    public void wake() {
        // a poll ends when its consumer is closed
    }
}
