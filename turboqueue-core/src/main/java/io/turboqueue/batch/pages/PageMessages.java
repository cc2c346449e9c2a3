package io.turboqueue.batch.pages;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.turboqueue.batch.BigEndian;
import io.turboqueue.batch.MessageRecord;
import io.turboqueue.batch.PageGeometry;
import io.turboqueue.batch.StoredMessage;
import io.turboqueue.batch.StoredMessages;
import io.turboqueue.batch.StoredValue;
import io.turboqueue.batch.Varint;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The messages in the content of a batch file, each made when asked for. The content was checked by {@link PagesBatchReader}
 * and is not changed until it is given back. Thread-safe, {@link #close} included.
 */
final class PageMessages extends StoredMessages {

    private final PageGeometry geometry;
    private final int[] cells;
    private final Consumer<byte[]> requeue;
    private final ByteBuffer view;
    private final AtomicReference<byte @Nullable []> content;

    /**
     * The content is not copied.
     *
     * @param cells where each message's cell begins
     * @param requeue takes the content when nobody needs it any more
     */
    PageMessages(byte[] content, PageGeometry geometry, int[] cells, Consumer<byte[]> requeue) {
        this.content = new AtomicReference<>(content);
        this.view = ByteBuffer.wrap(content).asReadOnlyBuffer();
        this.requeue = requeue;
        this.geometry = geometry;
        this.cells = cells;
    }

    @Override
    public int size() {
        return cells.length;
    }

    @Override
    public StoredMessage get(int index) {
        byte[] bytes = open();
        try {
            StoredMessage message = message(bytes, cells[index]);
            requireStillOpen(bytes);
            return message;
        } catch (RuntimeException failed) {
            requireStillOpen(bytes);
            throw failed;
        }
    }

    private StoredMessage message(byte[] bytes, int cell) {
        int row = end(bytes, cell);
        int record = end(bytes, row);
        int headers = end(bytes, record + 3);
        int payload = end(bytes, headers);
        int timeType = bytes[record + 2];
        long keyType = Varint.value(bytes, record + 3, headers);
        long headersType = Varint.value(bytes, headers, payload);
        long payloadType = Varint.value(bytes, payload, end(bytes, payload));
        Values values = new Values(bytes, record, (int) Varint.value(bytes, cell, row));
        if (!isOwnText(keyType) || !isOwnText(headersType) || !isOwn(timeType, payloadType)) {
            return values.asTheyAre(new long[] {timeType, keyType, headersType, payloadType});
        }
        StoredMessage message = new StoredMessage(
                values.integer(timeType),
                values.text(keyType),
                values.text(headersType),
                values.bytes(payloadType),
                (payloadType & 1) == 1);
        if (hasReplacements(message.key()) || hasReplacements(message.headers())) {
            return new Values(bytes, record, values.size)
                    .asTheyAre(new long[] {timeType, keyType, headersType, payloadType});
        }
        return message;
    }

    /** What this library writes, but for a text with U+0000, which is a BLOB. */
    private static boolean isOwnText(long type) {
        return type == MessageRecord.NULL || (type >= MessageRecord.TEXT && (type & 1) == 1);
    }

    private static boolean isOwn(int timeType, long payloadType) {
        return timeType != MessageRecord.NULL && timeType != MessageRecord.REAL && payloadType >= MessageRecord.BLOB;
    }

    /** What was not UTF-8 may have been replaced. */
    private static boolean hasReplacements(@Nullable String text) {
        return text != null && text.indexOf('\ufffd') >= 0;
    }

    @Override
    public ByteBuffer payload(int index) {
        byte[] bytes = open();
        try {
            ByteBuffer payload = payload(bytes, cells[index]);
            requireStillOpen(bytes);
            return payload;
        } catch (RuntimeException failed) {
            requireStillOpen(bytes);
            throw failed;
        }
    }

    private ByteBuffer payload(byte[] bytes, int cell) {
        int row = end(bytes, cell);
        int record = end(bytes, row);
        int headers = end(bytes, record + 3);
        int payload = end(bytes, headers);
        Values values = new Values(bytes, record, (int) Varint.value(bytes, cell, row));
        values.skip(MessageRecord.integerBytes(bytes[record + 2]));
        values.skip((int) MessageRecord.bytesOf(Varint.value(bytes, record + 3, headers)));
        values.skip((int) MessageRecord.bytesOf(Varint.value(bytes, headers, payload)));
        return values.view(Varint.value(bytes, payload, end(bytes, payload)));
    }

    private byte[] open() {
        byte[] bytes = content.get();
        if (bytes == null) {
            throw closed();
        }
        return bytes;
    }

    /**
     * The next batch may have been read into the bytes while they were looked at, so that what was found is wrong or made no
     * sense. Without the fence this look could come first.
     */
    private void requireStillOpen(byte[] bytes) {
        VarHandle.loadLoadFence();
        if (content.get() != bytes) {
            throw closed();
        }
    }

    /** Whoever gets the content out gives it back: two threads that close at once must not give it to two batches. */
    @Override
    public void close() {
        byte[] mine = content.getAndSet(null);
        if (mine != null) {
            requeue.accept(mine);
        }
    }

    private static int end(byte[] bytes, int at) {
        return Varint.end(bytes, at, bytes.length);
    }

    /** Takes the values of a record one after the other. */
    private final class Values {
        private final byte[] content;
        private final int record;
        private final int size;
        private final int local;
        private int next;

        Values(byte[] content, int record, int size) {
            this.content = content;
            this.record = record;
            this.size = size;
            this.local = geometry.local(size);
            this.next = content[record];
        }

        long integer(int type) {
            if (type >= MessageRecord.ZERO) {
                return type == MessageRecord.ONE ? 1 : 0;
            }
            int at = record + next;
            int bytes = MessageRecord.integerBytes(type);
            next += bytes;
            return MessageRecord.getInteger(content, at, bytes);
        }

        @Nullable
        String text(long type) {
            return type == MessageRecord.NULL ? null : new String(bytes(type), UTF_8);
        }

        byte[] bytes(long type) {
            return take((int) MessageRecord.bytesOf(type));
        }

        private byte[] take(int bytes) {
            int from = next;
            next += bytes;
            if (next <= local) {
                return Arrays.copyOfRange(content, record + from, record + next);
            }
            byte[] value = new byte[next - from];
            int inLeaf = Math.max(0, local - from);
            System.arraycopy(content, record + local - inLeaf, value, 0, inLeaf);
            copyOverflow(from + inLeaf - local, value, inLeaf);
            return value;
        }

        /** The message of values of any types: time, key, headers, payload. */
        StoredMessage asTheyAre(long[] types) {
            List<StoredValue> row = new ArrayList<>();
            for (long type : types) {
                row.add(new StoredValue(type, take(MessageRecord.valueBytes(type))));
            }
            return StoredValue.message(row);
        }

        void skip(int bytes) {
            next += bytes;
        }

        /** Without a copy if it lies in one piece. */
        ByteBuffer view(long type) {
            int length = (int) MessageRecord.bytesOf(type);
            if (next + length <= local) {
                return view.slice(record + next, length);
            }
            return ByteBuffer.wrap(bytes(type)).asReadOnlyBuffer();
        }

        /** What of a value is in overflow pages, from this place in them on. */
        private void copyOverflow(int from, byte[] value, int done) {
            int page = start(BigEndian.getInt(content, record + local));
            int skip = from;
            while (skip >= geometry.overflow()) {
                skip -= geometry.overflow();
                page = start(BigEndian.getInt(content, page));
            }
            for (int at = done; at < value.length; ) {
                int length = Math.min(value.length - at, geometry.overflow() - skip);
                System.arraycopy(content, page + PageGeometry.PAGE_NUMBER + skip, value, at, length);
                at += length;
                skip = 0;
                if (at < value.length) {
                    page = start(BigEndian.getInt(content, page));
                }
            }
        }

        private int start(int page) {
            return (page - 1) * geometry.pageSize();
        }
    }
}
