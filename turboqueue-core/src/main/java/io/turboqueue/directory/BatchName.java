package io.turboqueue.directory;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Everything that changes about a batch, and all that can be known of it without opening it. Pure functions.
 *
 * <pre>{@code
 *   5-20261121T155801123Z-x9k2m4q7d3w5a-0000002a.n10000.b1118208.ca1b2c3d4.a0.o250.db
 *   | |                   |             |        |      |        |         |  |
 *   | due, UTC            producer      sequence rows   bytes    CRC-32    |  messages done (only if any)
 *   priority, 0 first     |---- id, for ever ---|                          deliveries so far
 * }</pre>
 *
 * <p>The short form {@code P-DUE-ID.db}, made by other programs, lacks rows, bytes and CRC; its attempt and offset appear
 * once they are not zero. Text order is priority, then due time. Only the canonical text of a name is a name, so that
 * parsing and formatting give the same text back.
 *
 * @param priority 0 to 9, 0 is claimed first
 * @param dueMillis when it was or is to be claimable, milliseconds since the epoch, years 0 to 9999
 * @param id unique for ever, 1 to 40 of {@code [A-Za-z0-9_-]}, so that no name the batch ever gets is longer than the 255
 *     bytes a file system allows; {@code PRODUCER-SEQUENCE} where this library made it
 * @param contents what the file must hold; null in the short form
 * @param attempt deliveries so far, 0 to 9999
 * @param offset messages at the front that are done
 */
public record BatchName(
        int priority, long dueMillis, String id, @Nullable Contents contents, int attempt, long offset) {

    /** The priority of batches that were given none. */
    public static final int DEFAULT_PRIORITY = 5;

    /** The ending of every batch file. */
    public static final String SUFFIX = ".db";

    private static final int MOST_ATTEMPTS = 9999;
    private static final long FIRST_MILLI = LocalDateTime.of(0, 1, 1, 0, 0).toEpochSecond(ZoneOffset.UTC) * 1000;
    private static final long LAST_MILLI =
            LocalDateTime.of(9999, 12, 31, 23, 59, 59).toEpochSecond(ZoneOffset.UTC) * 1000 + 999;
    private static final Pattern GRAMMAR = Pattern.compile("([0-9])-([0-9]{8}T[0-9]{9}Z)-([A-Za-z0-9_-]{1,40})"
            + "(?:\\.n(0|[1-9][0-9]{0,9})\\.b(0|[1-9][0-9]{0,12})\\.c([0-9a-f]{8})\\.a(0|[1-9][0-9]{0,3})"
            + "|(?:\\.a([1-9][0-9]{0,3}))?)(?:\\.o([1-9][0-9]{0,9}))?\\.db");

    /**
     * What the file must hold.
     *
     * @param rows messages
     * @param bytes content length
     * @param crc32 CRC-32 of the content
     */
    public record Contents(long rows, long bytes, long crc32) {}

    /** Refuses a time that no name can hold. */
    public BatchName {
        if (dueMillis < FIRST_MILLI || dueMillis > LAST_MILLI) {
            throw new IllegalArgumentException(
                    "due time " + dueMillis + " ms is not allowed: it must lie in the years 0 to 9999");
        }
    }

    /** The name as it is on disk. */
    public String format() {
        StringBuilder text = new StringBuilder(96).append(priority).append('-');
        appendTime(text, dueMillis);
        text.append('-').append(id);
        if (contents != null) {
            text.append(".n")
                    .append(contents.rows)
                    .append(".b")
                    .append(contents.bytes)
                    .append(".c");
            text.append(HexText.of(contents.crc32));
        }
        if (contents != null || attempt > 0) {
            text.append(".a").append(attempt);
        }
        if (offset > 0) {
            text.append(".o").append(offset);
        }
        return text.append(SUFFIX).toString();
    }

    /** The batch with this file name; empty if it is no batch's name. */
    public static Optional<BatchName> parse(String text) {
        Matcher matcher = GRAMMAR.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String attempt = matcher.group(4) == null ? matcher.group(8) : matcher.group(7);
        try {
            return Optional.of(new BatchName(
                    text.charAt(0) - '0',
                    parseTime(matcher.group(2)),
                    matcher.group(3),
                    contents(matcher),
                    (int) number(attempt),
                    number(matcher.group(9))));
        } catch (DateTimeException noSuchDay) {
            return Optional.empty();
        }
    }

    private static @Nullable Contents contents(Matcher matcher) {
        return matcher.group(4) == null
                ? null
                : new Contents(
                        number(matcher.group(4)), number(matcher.group(5)), Long.parseLong(matcher.group(6), 16));
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    /** Messages still to be delivered, 0 if the name does not tell. */
    public long messages() {
        return contents == null ? 0 : Math.max(0, contents.rows - offset);
    }

    /** Content length in bytes, 0 if the name does not tell. */
    public long bytes() {
        return contents == null ? 0 : contents.bytes;
    }

    /** The due time. */
    public Instant due() {
        return Instant.ofEpochMilli(dueMillis);
    }

    /** The same batch after one more delivery. */
    public BatchName delivered() {
        return new BatchName(priority, dueMillis, id, contents, Math.min(attempt + 1, MOST_ATTEMPTS), offset);
    }

    /** The same batch with so many deliveries. */
    public BatchName withAttempt(int deliveries) {
        return new BatchName(priority, dueMillis, id, contents, deliveries, offset);
    }

    /** The same batch, due at another time. */
    public BatchName dueAt(long millis) {
        return new BatchName(priority, millis, id, contents, attempt, offset);
    }

    /** The same batch with its first messages done. */
    public BatchName withOffset(long done) {
        return new BatchName(priority, dueMillis, id, contents, attempt, done);
    }

    /** {@code yyyyMMddTHHmmssSSSZ}: sortable, and no colons, which some file systems refuse. */
    private static void appendTime(StringBuilder text, long millis) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(Math.floorDiv(millis, 1000L), 0, ZoneOffset.UTC);
        appendDigits(text, time.getYear(), 4);
        appendDigits(text, time.getMonthValue(), 2);
        appendDigits(text, time.getDayOfMonth(), 2);
        text.append('T');
        appendDigits(text, time.getHour(), 2);
        appendDigits(text, time.getMinute(), 2);
        appendDigits(text, time.getSecond(), 2);
        appendDigits(text, (int) Math.floorMod(millis, 1000L), 3);
        text.append('Z');
    }

    private static void appendDigits(StringBuilder text, int number, int width) {
        int start = text.length();
        text.append(number);
        for (int missing = width - (text.length() - start); missing > 0; missing--) {
            text.insert(start, '0');
        }
    }

    private static long parseTime(String text) {
        LocalDateTime time = LocalDateTime.of(
                digits(text, 0, 4),
                digits(text, 4, 6),
                digits(text, 6, 8),
                digits(text, 9, 11),
                digits(text, 11, 13),
                digits(text, 13, 15));
        return time.toEpochSecond(ZoneOffset.UTC) * 1000 + digits(text, 15, 18);
    }

    private static int digits(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }

    @Override
    public String toString() {
        return format();
    }
}
