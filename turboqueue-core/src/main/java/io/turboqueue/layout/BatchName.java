package io.turboqueue.layout;

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
 *   5-20261121T155801123Z-x9k2m4q7d3w5a-0000002a.n10000.b1118208.ca1b2c3d4.a2.f1.o250.db
 *   | |                   |             |        |      |        |         |  |  |
 *   | due, UTC            producer      sequence rows   bytes    CRC-32    |  |  messages done (only if any)
 *   priority, 0 first     |---- id, for ever ---|                          |  failures at this place (only if any)
 *                                                                          deliveries that ended without an ack
 * }</pre>
 *
 * <p>The short form {@code P-DUE-ID.db}, made by other programs, lacks rows, bytes and CRC; its attempt appears once it is
 * not zero. In place of {@code .o250} there may be {@code .x250}, also for 0: message 251 is begun alone, see {@link
 * History#begun}. Before it {@code .k1} counts messages of the batch that were set aside because the process died at them.
 * Text order is priority, then due time. Only the canonical text of a name is a name, so that parsing and formatting give
 * the same text back.
 *
 * @param priority 0 to 9, 0 is claimed first
 * @param dueMillis when it was or is to be claimable, milliseconds since the epoch, years 0 to 9999
 * @param id unique for ever, 1 to 40 of {@code [A-Za-z0-9_-]}, whatever is added to it included, so that no name the batch
 *     ever gets is longer than the 255 bytes a file system allows; {@code PRODUCER-SEQUENCE} where this library made it
 * @param contents what the file must hold; null in the short form
 * @param history what happened to it so far
 */
public record BatchName(
        int priority, long dueMillis, String id, @Nullable Contents contents, History history) {

    /** The priority of batches that were given none. */
    public static final int DEFAULT_PRIORITY = 5;

    /** The ending of every batch file. */
    public static final String SUFFIX = ".db";

    private static final int HIGHEST_COUNT = 9999;
    private static final int MAX_KILLED = 9;
    private static final long FIRST_MILLI = LocalDateTime.of(0, 1, 1, 0, 0).toEpochSecond(ZoneOffset.UTC) * 1000;
    private static final long LAST_MILLI =
            LocalDateTime.of(9999, 12, 31, 23, 59, 59).toEpochSecond(ZoneOffset.UTC) * 1000 + 999;
    private static final Pattern GRAMMAR = Pattern.compile("(?<priority>[0-9])-(?<due>[0-9]{8}T[0-9]{9}Z)"
            + "-(?<id>[A-Za-z0-9_-]{1,40})"
            + "(?:\\.n(?<rows>0|[1-9][0-9]{0,9})\\.b(?<bytes>0|[1-9][0-9]{0,12})\\.c(?<crc>[0-9a-f]{8})"
            + "\\.a(?<attempt>0|[1-9][0-9]{0,3})"
            + "|(?:\\.a(?<shortAttempt>[1-9][0-9]{0,3}))?)"
            + "(?:\\.f(?<failures>[1-9][0-9]{0,3}))?(?:\\.k(?<killed>[1-9]))?"
            + "(?:\\.o(?<offset>[1-9][0-9]{0,9})|\\.x(?<begun>0|[1-9][0-9]{0,9}))?\\.db");

    /**
     * What the file must hold.
     *
     * @param rows messages
     * @param bytes content length
     * @param crc32 CRC-32 of the content
     */
    public record Contents(long rows, long bytes, long crc32) {}

    /**
     * What happened to a batch so far.
     *
     * @param attempt deliveries that ended without an ack, but for those released with nothing handed out after the
     *     offset, 0 to 9999; never lowered, so that 0 means that nobody has seen a message after the offset
     * @param failures deliveries that failed since the offset last moved, 0 to 9999: the only number that is compared with
     *     the attempt limit
     * @param killed messages of the batch that were set aside because the process died at them, 0 to 9
     * @param offset messages at the front that are done
     * @param begun of a claim: all before the offset is done, and only the message after it was begun. Of a batch that
     *     waits: its last delivery ended so, or by the death of its process, and the next one begins with this message
     *     alone.
     */
    public record History(int attempt, int failures, int killed, long offset, boolean begun) {

        /** Nothing happened. */
        public static final History NONE = new History(0, 0, 0, 0, false);
    }

    /** Refuses a time that no name can hold. */
    public BatchName {
        if (dueMillis < FIRST_MILLI || dueMillis > LAST_MILLI) {
            throw new IllegalArgumentException(
                    "due time " + dueMillis + " ms is not allowed: it must lie in the years 0 to 9999");
        }
    }

    /** A batch that was never delivered. */
    public BatchName(int priority, long dueMillis, String id, @Nullable Contents contents) {
        this(priority, dueMillis, id, contents, History.NONE);
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
        appendHistory(text);
        return text.append(SUFFIX).toString();
    }

    private void appendHistory(StringBuilder text) {
        if (contents != null || history.attempt > 0) {
            text.append(".a").append(history.attempt);
        }
        if (history.failures > 0) {
            text.append(".f").append(history.failures);
        }
        if (history.killed > 0) {
            text.append(".k").append(history.killed);
        }
        if (history.begun) {
            text.append(".x").append(history.offset);
        } else if (history.offset > 0) {
            text.append(".o").append(history.offset);
        }
    }

    /** The batch with this file name; empty if it is not a batch's name. */
    public static Optional<BatchName> parse(String text) {
        Matcher matcher = GRAMMAR.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new BatchName(
                    text.charAt(0) - '0',
                    parseTime(matcher.group("due")),
                    matcher.group("id"),
                    contents(matcher),
                    history(matcher)));
        } catch (DateTimeException noSuchDay) {
            return Optional.empty();
        }
    }

    private static @Nullable Contents contents(Matcher matcher) {
        return matcher.group("rows") == null
                ? null
                : new Contents(
                        number(matcher.group("rows")),
                        number(matcher.group("bytes")),
                        Long.parseLong(matcher.group("crc"), 16));
    }

    private static History history(Matcher matcher) {
        String attempt = matcher.group("rows") == null ? matcher.group("shortAttempt") : matcher.group("attempt");
        boolean begun = matcher.group("begun") != null;
        return new History(
                (int) number(attempt),
                (int) number(matcher.group("failures")),
                (int) number(matcher.group("killed")),
                number(begun ? matcher.group("begun") : matcher.group("offset")),
                begun);
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    /** Deliveries that ended without an ack. */
    public int attempt() {
        return history.attempt;
    }

    /** Failures at this place. */
    public int failures() {
        return history.failures;
    }

    /** Messages at the front that are done. */
    public long offset() {
        return history.offset;
    }

    /** Messages still to be delivered, 0 if the name does not tell. */
    public long messages() {
        return contents == null ? 0 : Math.max(0, contents.rows - offset());
    }

    /** Content length in bytes, 0 if the name does not tell. */
    public long bytes() {
        return contents == null ? 0 : contents.bytes;
    }

    /** The due time. */
    public Instant due() {
        return Instant.ofEpochMilli(dueMillis);
    }

    /**
     * The same batch as it is claimed: after a failure it is delivered message by message, so that until more is begun only
     * the next one can be to blame.
     */
    public BatchName claimed() {
        return history.failures == 0 || history.begun ? this : with(at(history.offset, history.killed, true));
    }

    /** The same batch after a delivery that failed in good order. */
    public BatchName failed() {
        return failed(false);
    }

    /** The same batch after a delivery during which its process died, or that lasted too long. */
    public BatchName died() {
        return failed(true);
    }

    private BatchName failed(boolean begun) {
        return with(new History(
                nextAttempt(), Math.min(history.failures + 1, HIGHEST_COUNT), history.killed, history.offset, begun));
    }

    private int nextAttempt() {
        return Math.min(history.attempt + 1, HIGHEST_COUNT);
    }

    /** The same batch as it is given back without a failure, so that nothing of it is begun. */
    public BatchName released() {
        return history.begun && history.failures == 0 ? withOffset(history.offset) : this;
    }

    /** The same, after messages after the offset were handed out: whoever gets them next must be able to see that. */
    public BatchName releasedAfterDelivery() {
        boolean begun = history.begun && history.failures > 0;
        return with(new History(nextAttempt(), history.failures, history.killed, history.offset, begun));
    }

    /** Whether only the message after the offset was begun, or, of a batch that waits, is to be begun. */
    public boolean isBegun() {
        return history.begun;
    }

    /** The same batch as a dead letter that gets another chance: only what was delivered and what is done still counts. */
    public BatchName redriven() {
        return with(new History(history.attempt, 0, 0, history.offset, false));
    }

    /** The same batch, due at another time. */
    public BatchName dueAt(long millis) {
        return new BatchName(priority, millis, id, contents, history);
    }

    /** The same batch with its first messages done; the failures stay only if these were done before. */
    public BatchName withOffset(long done) {
        return with(at(done, history.killed, false));
    }

    /** The same with this number of messages done, and the one after them begun alone. */
    public BatchName withBegun(long done) {
        return with(at(done, history.killed, true));
    }

    /** The same without the message after the offset, which was set aside because the process died at it. */
    public BatchName withoutNext() {
        return with(at(history.offset + 1, Math.min(history.killed + 1, MAX_KILLED), false));
    }

    private History at(long done, int killed, boolean begun) {
        int failures = done == history.offset ? history.failures : 0;
        return new History(history.attempt, failures, killed, done, begun);
    }

    private BatchName with(History changed) {
        return new BatchName(priority, dueMillis, id, contents, changed);
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
