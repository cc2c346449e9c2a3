package io.turboqueue.batch;

import java.nio.ByteBuffer;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/** All messages of a batch, in order, checked. Cannot be changed; safe to share until it is closed. */
public abstract class StoredMessages extends AbstractList<StoredMessage> implements RandomAccess, AutoCloseable {

    StoredMessages() {}

    /** Messages that are in memory already. */
    public static StoredMessages of(List<StoredMessage> messages) {
        return new Listed(List.copyOf(messages));
    }

    /**
     * A message's payload without a copy, read-only, from position 0 to the limit.
     *
     * @return a view of what this holds, so it must not be looked at any more after {@link #close}
     */
    public abstract ByteBuffer payload(int index);

    /**
     * Says that nobody will ask for messages any more, nor look at payloads {@linkplain #payload viewed}, so that the memory
     * may be used for the next batch. Messages that were got stay as they are. Without it the garbage collector does the same.
     */
    @Override
    public abstract void close();

    private static final class Listed extends StoredMessages {
        private final List<StoredMessage> messages;

        Listed(List<StoredMessage> messages) {
            this.messages = messages;
        }

        @Override
        public StoredMessage get(int index) {
            return messages.get(index);
        }

        @Override
        public int size() {
            return messages.size();
        }

        @Override
        public ByteBuffer payload(int index) {
            return ByteBuffer.wrap(messages.get(index).payload()).asReadOnlyBuffer();
        }

        @Override
        public void close() {
            // nothing is shared
        }
    }
}
