package io.turboqueue.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The messages in the content of a batch file, each made when asked for. The content was checked by {@link PagesBatchReader}
 * and is not changed any more, so this is thread-safe until it is closed.
 */
final class PageMessages extends StoredMessages {

    private static final byte[] GIVEN_BACK = {};

    private final PageGeometry geometry;
    private final int[] cells;
    private final Consumer<byte[]> giveBack;
    private byte[] content;
    private ByteBuffer view;

    /**
     * The content is not copied.
     *
     * @param cells where each message's cell begins
     * @param giveBack takes the content when nobody needs it any more
     */
    PageMessages(byte[] content, PageGeometry geometry, int[] cells, Consumer<byte[]> giveBack) {
        this.content = content;
        this.view = ByteBuffer.wrap(content).asReadOnlyBuffer();
        this.giveBack = giveBack;
        this.geometry = geometry;
        this.cells = cells;
    }

    @Override
    public int size() {
        return cells.length;
    }

    @Override
    public StoredMessage get(int index) {
        int cell = cells[index];
        int row = end(cell);
        int record = end(row);
        int headers = end(record + 3);
        int payload = end(headers);
        long payloadType = Varint.value(content, payload, end(payload));
        Values values = new Values(record, (int) Varint.value(content, cell, row));
        return new StoredMessage(
                values.integer(content[record + 2]),
                values.text(Varint.value(content, record + 3, headers)),
                values.text(Varint.value(content, headers, payload)),
                values.bytes(payloadType),
                (payloadType & 1) == 1);
    }

    @Override
    public ByteBuffer payload(int index) {
        int cell = cells[index];
        int row = end(cell);
        int record = end(row);
        int headers = end(record + 3);
        int payload = end(headers);
        Values values = new Values(record, (int) Varint.value(content, cell, row));
        values.skip(MessageRecord.integerBytes(content[record + 2]));
        values.skip((int) MessageRecord.bytesOf(Varint.value(content, record + 3, headers)));
        values.skip((int) MessageRecord.bytesOf(Varint.value(content, headers, payload)));
        return values.view(Varint.value(content, payload, end(payload)));
    }

    @Override
    public void close() {
        byte[] mine = content;
        content = GIVEN_BACK;
        view = ByteBuffer.wrap(GIVEN_BACK);
        if (mine.length > 0) {
            giveBack.accept(mine);
        }
    }

    private int end(int at) {
        return Varint.end(content, at, content.length);
    }

    /** Takes the values of a record one after the other. */
    private final class Values {
        private final int record;
        private final int local;
        private int next;

        Values(int record, int size) {
            this.record = record;
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
            int from = next;
            next += (int) MessageRecord.bytesOf(type);
            if (next <= local) {
                return Arrays.copyOfRange(content, record + from, record + next);
            }
            byte[] value = new byte[next - from];
            int inLeaf = Math.max(0, local - from);
            System.arraycopy(content, record + local - inLeaf, value, 0, inLeaf);
            copyOverflow(from + inLeaf - local, value, inLeaf);
            return value;
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
