package io.turboqueue.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A value of any type, as the record of a row holds it (<a
 * href="https://www.sqlite.org/fileformat2.html#record_format">format document, section 2.1</a>).
 *
 * @param type the type code
 * @param bytes the value's bytes in the record
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier of bytes, never compared
public record StoredValue(long type, byte[] bytes) {

    public static final StoredValue NULL = new StoredValue(MessageRecord.NULL, new byte[0]);

    /** What a column of affinity INTEGER or NUMERIC turns into a number. */
    private static final Pattern NUMBER =
            Pattern.compile("\\s*[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?\\s*");

    public static StoredValue of(long number) {
        int type = MessageRecord.integerType(number);
        byte[] bytes = new byte[MessageRecord.integerBytes(type)];
        MessageRecord.putInteger(bytes, 0, number, bytes.length);
        return new StoredValue(type, bytes);
    }

    public static StoredValue of(double number) {
        byte[] bytes = new byte[Double.BYTES];
        MessageRecord.putInteger(bytes, 0, Double.doubleToRawLongBits(number), bytes.length);
        return new StoredValue(MessageRecord.REAL, bytes);
    }

    public static StoredValue blob(byte[] bytes) {
        return new StoredValue(2L * bytes.length + MessageRecord.BLOB, bytes);
    }

    public static StoredValue text(byte[] utf8) {
        return new StoredValue(2L * utf8.length + MessageRecord.TEXT, utf8);
    }

    /** As this library stores a text: as BLOB if it has a U+0000, where SQLite's own tools would cut it off. */
    public static StoredValue text(@Nullable String text) {
        if (text == null) {
            return NULL;
        }
        byte[] utf8 = text.getBytes(UTF_8);
        return text.indexOf('\0') < 0 ? text(utf8) : blob(utf8);
    }

    /** The message whose row these are: time, key, headers, payload. What it cannot show as it is goes along. */
    public static StoredMessage message(List<StoredValue> row) {
        StoredValue payload = row.get(StoredAs.PAYLOAD);
        StoredMessage message = new StoredMessage(
                row.get(StoredAs.TIME).shownTime(),
                row.get(StoredAs.KEY).shown(),
                row.get(StoredAs.HEADERS).shown(),
                payload.isBytes()
                        ? payload.bytes
                        : String.valueOf(payload.shown()).getBytes(UTF_8),
                !payload.isBlob());
        return message.asRow(row);
    }

    private long shownTime() {
        return isReal() ? (long) toDouble() : isBytes() ? 0 : toLong();
    }

    private @Nullable String shown() {
        if (isBytes()) {
            return new String(bytes, UTF_8);
        }
        return isNull() ? null : isReal() ? Double.toString(toDouble()) : Long.toString(toLong());
    }

    /** As a column of affinity INTEGER keeps it: what looks like a number becomes one, this number. */
    StoredValue asTime(long number) {
        boolean whole = type == MessageRecord.REAL && toDouble() == Math.rint(toDouble()) && toDouble() == number;
        boolean numeric = isText() && NUMBER.matcher(new String(bytes, UTF_8)).matches();
        return whole || numeric ? of(number) : this;
    }

    /** As a column of affinity TEXT keeps it: a number becomes the text that is shown. */
    StoredValue asHeaders(@Nullable String shown) {
        return isNull() || isBytes() ? this : text(shown);
    }

    /** The same for SQLite's own tools, which cut off a text at U+0000: it becomes a BLOB. */
    StoredValue readable() {
        return isText() && Zeros.in(bytes) ? blob(bytes) : this;
    }

    public boolean isBytes() {
        return type >= MessageRecord.BLOB;
    }

    boolean isBlob() {
        return isBytes() && (type & 1) == 0;
    }

    public boolean isText() {
        return isBytes() && (type & 1) == 1;
    }

    public boolean isReal() {
        return type == MessageRecord.REAL;
    }

    boolean isInteger() {
        return !isNull() && !isReal() && !isBytes();
    }

    public boolean isNull() {
        return type == MessageRecord.NULL;
    }

    public long toLong() {
        if (bytes.length == 0) {
            return type == MessageRecord.ONE ? 1 : 0;
        }
        return MessageRecord.getInteger(bytes, 0, bytes.length);
    }

    public double toDouble() {
        return Double.longBitsToDouble(toLong());
    }

    /** Whether this library would store that text as this very value. */
    boolean isStored(@Nullable String text) {
        return text == null ? isNull() : isText(text, bytes) && isText() == (text.indexOf('\0') < 0) && isBytes();
    }

    /** Whether these bytes are that text: what is not UTF-8 was replaced. */
    public static boolean isText(@Nullable String text, byte[] bytes) {
        return text != null && (text.indexOf('\ufffd') < 0 || Arrays.equals(text.getBytes(UTF_8), bytes));
    }

    /** The whole record of a row: the id, whose place holds NULL, and these values. */
    static byte[] record(List<StoredValue> values) {
        int header = 2;
        int size = 0;
        for (StoredValue value : values) {
            header += Varint.length(value.type);
            size += value.bytes.length;
        }
        byte[] record = new byte[header + size];
        record[0] = (byte) header;
        int type = 2; // after the id's
        int at = header;
        for (StoredValue value : values) {
            type = Varint.put(record, type, value.type);
            System.arraycopy(value.bytes, 0, record, at, value.bytes.length);
            at += value.bytes.length;
        }
        return record;
    }
}
