package io.turboqueue.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * The messages in the content of a batch file, each made when asked for. The content was checked by {@link PagesBatchReader}
 * and is not changed any more, so this is thread-safe.
 */
final class PageMessages extends AbstractList<StoredMessage> implements RandomAccess {

    private final byte[] content;
    private final PageGeometry geometry;
    private final int[] cells;

    /**
     * The content is not copied.
     *
     * @param cells where each message's cell begins
     */
    PageMessages(byte[] content, PageGeometry geometry, int[] cells) {
        this.content = content;
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
