package io.turboqueue.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message as the record of a table row: a header of type codes, then the values (<a
 * href="https://www.sqlite.org/fileformat2.html#record_format">format document, section 2.1</a>). The id is the row id, so
 * its place in the record holds NULL. One instance serves many messages in turn. Not thread-safe.
 */
public final class MessageRecord {

    /** Type codes of whole numbers by bytes: code i takes {@code INTEGER_BYTES[i]}. */
    private static final int[] INTEGER_BYTES = {0, 1, 2, 3, 4, 6, 8, 0, 0, 0};

    /** The codes of NULL, of a floating-point number, of the constants 0 and 1, and of the shortest text and BLOB. */
    public static final int NULL = 0;

    public static final int REAL = 7;
    public static final int ZERO = 8;
    public static final int ONE = 9;
    public static final int BLOB = 12;
    public static final int TEXT = 13;

    private static final int MAX_BYTES = 1_000_000_000; // SQLITE_MAX_LENGTH as SQLite is built by default
    private static final byte[] NOTHING = {};

    private byte[] key = NOTHING;
    private byte[] headers = NOTHING;
    private byte[] payload = NOTHING;
    private byte[] head = NOTHING;
    private byte[] whole = NOTHING; // of a row that is stored as another program wrote it
    private int keyBytes;
    private int headersBytes;
    private long keyType;
    private long headersType;
    private long payloadType;
    private long time;
    private int timeType;
    private int headerBytes;
    private int headBytes;
    private int size;

    /**
     * Measures the message whose record this is from now on. References are kept only where they must be, since the garbage
     * collector wants to know of each.
     *
     * @throws IOException if it is larger than SQLite reads
     */
    public void set(StoredMessage message) throws IOException {
        List<StoredValue> row = message.storedAs().row();
        if (row == null) {
            whole = NOTHING;
            setOwn(message);
        } else {
            whole = StoredValue.record(row);
            size = whole.length;
            requireReadable(size);
        }
    }

    private void setOwn(StoredMessage message) throws IOException {
        time = message.timeMillis();
        timeType = integerType(time);
        setKey(message.key());
        setHeaders(message.headers());
        int payloadBytes = message.payload().length;
        payloadType = 2L * payloadBytes + (message.storesText() ? TEXT : BLOB);
        headerBytes = 3 + Varint.length(keyType) + Varint.length(headersType) + Varint.length(payloadType);
        long before = (long) headerBytes + INTEGER_BYTES[timeType] + keyBytes + headersBytes;
        requireReadable(before + payloadBytes);
        headBytes = (int) before;
        size = headBytes + payloadBytes;
    }

    private static void requireReadable(long bytes) throws IOException {
        if (bytes > MAX_BYTES) {
            throw new IOException(
                    "a message of " + bytes + " bytes is larger than the " + MAX_BYTES + " that SQLite reads");
        }
    }

    private void setKey(@Nullable String text) {
        keyBytes = 0;
        keyType = NULL;
        if (text != null) {
            key = text.getBytes(UTF_8);
            keyBytes = key.length;
            keyType = 2L * keyBytes + textOrBlob(text);
        }
    }

    private void setHeaders(@Nullable String text) {
        headersBytes = 0;
        headersType = NULL;
        if (text != null) {
            headers = text.getBytes(UTF_8);
            headersBytes = headers.length;
            headersType = 2L * headersBytes + textOrBlob(text);
        }
    }

    /** SQLite's own tools cut off a text at U+0000, but no BLOB. */
    private static int textOrBlob(String text) {
        return text.indexOf('\0') < 0 ? TEXT : BLOB;
    }

    /** The code of the shortest form of a whole number. */
    public static int integerType(long value) {
        if (value == 0 || value == 1) {
            return ZERO + (int) value;
        }
        long magnitude = value < 0 ? ~value : value;
        int bits = Long.SIZE + 1 - Long.numberOfLeadingZeros(magnitude);
        if (bits <= 32) {
            return (bits + 7) >> 3;
        }
        return bits <= 48 ? 5 : 6;
    }

    /** Bytes of the whole number of this type code, 1 to 9. */
    public static int integerBytes(int type) {
        return INTEGER_BYTES[type];
    }

    /** Bytes of the text or BLOB of this type code; 0 for NULL. */
    public static long bytesOf(long type) {
        return type == NULL ? 0 : (type - BLOB) >> 1;
    }

    /** Bytes of the value of this type code, whatever it is. */
    public static int valueBytes(long type) {
        if (type >= BLOB) {
            return (int) bytesOf(type);
        }
        return type == REAL ? Double.BYTES : INTEGER_BYTES[(int) type];
    }

    /** Bytes of the record. */
    public int size() {
        return size;
    }

    /** Writes the whole record of the message that was set. */
    public void put(StoredMessage message, byte[] target, int at) {
        if (whole.length > 0) {
            System.arraycopy(whole, 0, target, at, whole.length);
            return;
        }
        byte[] bytes = message.payload();
        System.arraycopy(bytes, 0, target, putHead(target, at), bytes.length);
    }

    /** All but the payload; returns where that begins. */
    private int putHead(byte[] target, int at) {
        target[at] = (byte) headerBytes;
        target[at + 1] = NULL;
        target[at + 2] = (byte) timeType;
        int next = Varint.put(target, at + 3, keyType);
        next = Varint.put(target, next, headersType);
        next = Varint.put(target, next, payloadType);
        next = putInteger(target, next, time, INTEGER_BYTES[timeType]);
        if (keyBytes + headersBytes > 0) {
            System.arraycopy(key, 0, target, next, keyBytes);
            System.arraycopy(headers, 0, target, next + keyBytes, headersBytes);
        }
        return next + keyBytes + headersBytes;
    }

    /** Writes the low bytes of a number, the highest first; returns where they end. */
    public static int putInteger(byte[] target, int at, long value, int bytes) {
        if (bytes == 6) { // a time of our days
            BigEndian.putShort(target, at, (int) (value >> 32));
            BigEndian.putInt(target, at + 2, (int) value);
            return at + 6;
        }
        long rest = value;
        for (int i = at + bytes - 1; i >= at; i--) {
            target[i] = (byte) rest;
            rest >>= 8;
        }
        return at + bytes;
    }

    /** The number of that many bytes, the highest first and with its sign. */
    public static long getInteger(byte[] source, int at, int bytes) {
        if (bytes == 6) {
            return (long) (short) BigEndian.getShort(source, at) << 32
                    | (BigEndian.getInt(source, at + 2) & 0xffff_ffffL);
        }
        long value = source[at];
        for (int i = at + 1; i < at + bytes; i++) {
            value = value << 8 | (source[i] & 0xff);
        }
        return value;
    }

    /** Makes {@link #copy} ready, for a record that does not lie in one piece. */
    public void split(StoredMessage message) {
        if (whole.length > 0) {
            return;
        }
        payload = message.payload();
        head = head.length < headBytes ? new byte[headBytes] : head;
        putHead(head, 0);
    }

    /** Copies a part of the record, after {@link #split}. */
    public void copy(int from, byte[] target, int at, int length) {
        if (whole.length > 0) {
            System.arraycopy(whole, from, target, at, length);
            return;
        }
        int ofHead = Math.max(0, Math.min(length, headBytes - from));
        if (ofHead > 0) {
            System.arraycopy(head, from, target, at, ofHead);
        }
        if (length > ofHead) {
            System.arraycopy(payload, from + ofHead - headBytes, target, at + ofHead, length - ofHead);
        }
    }

    /** Lets the message go. */
    public void clear() {
        key = NOTHING;
        headers = NOTHING;
        payload = NOTHING;
        head = NOTHING;
        whole = NOTHING;
    }
}
