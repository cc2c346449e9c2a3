package io.turboqueue.batch;

import java.nio.ByteBuffer;
import java.util.AbstractList;
import java.util.Collections;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * All messages of a batch, in order, checked. Cannot be changed. Thread-safe, {@link #close} included: a message or payload
 * that is asked for after it is refused with an {@link IllegalStateException}.
 */
public abstract class StoredMessages extends AbstractList<StoredMessage> implements RandomAccess, AutoCloseable {

    public StoredMessages() {}

    /** Messages that are in memory already. */
    public static StoredMessages of(List<StoredMessage> messages) {
        return new Listed(List.copyOf(messages));
    }

    /** The same without a copy of the list, which the caller leaves alone from now on. */
    public static StoredMessages taking(List<StoredMessage> messages) {
        return new Listed(Collections.unmodifiableList(messages));
    }

    /**
     * A message's payload without a copy, read-only, from position 0 to the limit.
     *
     * @return a view of what this holds, so it must not be looked at any more after {@link #close}: Java cannot
     *     take it back, and it shows bytes of another batch once the memory is used again. Never to use memory again that was
     *     viewed would make it show old bytes instead, and reading 10,000 messages of 100 bytes take a tenth longer
     */
    public abstract ByteBuffer payload(int index);

    /**
     * Says that nobody will ask for messages any more, nor look at payloads {@linkplain #payload viewed}, so that the memory
     * may be used for the next batch. Messages that were got stay as they are. Does nothing the second time, whichever thread
     * was first. Without it the garbage collector does the same.
     */
    @Override
    public abstract void close();

    protected static IllegalStateException closed() {
        return new IllegalStateException("the batch is closed, so its messages cannot be got any more");
    }

    private static final class Listed extends StoredMessages {
        private final int size;
        private volatile @Nullable List<StoredMessage> messages;

        Listed(List<StoredMessage> messages) {
            this.messages = messages;
            this.size = messages.size();
        }

        @Override
        public StoredMessage get(int index) {
            List<StoredMessage> open = messages;
            if (open == null) {
                throw closed();
            }
            return open.get(index);
        }

        @Override
        public int size() {
            return size;
        }

        @Override
        public ByteBuffer payload(int index) {
            return ByteBuffer.wrap(get(index).payload()).asReadOnlyBuffer();
        }

        @Override
        public void close() {
            messages = null;
        }
    }
}
