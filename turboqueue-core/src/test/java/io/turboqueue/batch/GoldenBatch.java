package io.turboqueue.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A batch file that is kept for ever, to be read by every later release.
 *
 * @param start the file's name up to its rows
 * @param seal the part of the name that says what it holds; empty for a file of another program
 * @param end the rest of the name
 * @param messages what it holds
 */
record GoldenBatch(String start, String seal, String end, List<StoredMessage> messages) {

    /** Format version 1. */
    static final List<GoldenBatch> VERSION_1 = List.of(
            new GoldenBatch("5-20261121T155801123Z-x9k2m4q7d3w5a-00000000", ".n5.b8192.c02df76bc", ".a0.db", fields()),
            new GoldenBatch("5-20261121T155801124Z-x9k2m4q7d3w5a-00000001", ".n5.b8192.c5c05da46", ".a0.db", kinds()),
            new GoldenBatch("9-20261121T155801125Z-x9k2m4q7d3w5a-00000002", ".n5.b49152.c002d84c8", ".a1.db", large()),
            new GoldenBatch(
                    "0-20261121T155801126Z-x9k2m4q7d3w5a-0000002a", ".n500.b20480.c348a3b68", ".a2.o7.db", many()),
            new GoldenBatch("5-20261121T155801127Z-by-hand", "", ".db", byHand()));

    String name() {
        return start + seal + end;
    }

    @Override
    public String toString() {
        return name();
    }

    Path file() {
        String resource = "format-1/" + name();
        return Path.of(Objects.requireNonNull(GoldenBatch.class.getResource(resource), resource)
                .getPath());
    }

    private static List<StoredMessage> fields() {
        return List.of(
                text(1_795_276_681_123L, "LAX-JFK", "{\"source\":\"radar\",\"leg\":\"2\"}", "{\"flight\":\"AA1\"}"),
                new StoredMessage(1_795_276_681_124L, null, null, "neither key nor headers".getBytes(UTF_8), true),
                text(
                        1_795_276_681_125L,
                        "\u65e5\u672c\u8a9e \ud83d\ude00",
                        "{\"\u00e4\":\"\ud83d\ude80\"}",
                        "\u00fc \ud83d\ude00"),
                text(0, "", "{}", "at the epoch"),
                text(-1, "it's", "{\"quoted\":\"\\\"\"}", "before the epoch"));
    }

    private static List<StoredMessage> kinds() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        return List.of(
                new StoredMessage(1, null, null, all, false),
                new StoredMessage(2, null, null, new byte[0], false),
                new StoredMessage(3, null, null, new byte[0], true),
                new StoredMessage(4, null, null, "text\0with NUL".getBytes(UTF_8), true),
                new StoredMessage(5, null, null, "bytes of text".getBytes(UTF_8), false));
    }

    private static List<StoredMessage> large() {
        List<StoredMessage> messages = new ArrayList<>();
        for (int length : new int[] {4000, 4061, 4062, 5000, 20_000}) {
            byte[] payload = new byte[length];
            for (int i = 0; i < length; i++) {
                payload[i] = (byte) ('a' + i % 26);
            }
            messages.add(new StoredMessage(length, "key of " + length, null, payload, length % 2 == 0));
        }
        return messages;
    }

    private static List<StoredMessage> many() {
        List<StoredMessage> messages = new ArrayList<>();
        for (int i = 1; i <= 500; i++) {
            messages.add(new StoredMessage(i, null, null, ("message " + i).getBytes(UTF_8), true));
        }
        return messages;
    }

    /** What {@link #BY_HAND} inserts. */
    private static List<StoredMessage> byHand() {
        return List.of(
                text(1_795_276_681_127L, "7", "{\"by\":\"hand\"}", "text"),
                new StoredMessage(2, null, null, new byte[] {0, 1, (byte) 0xff}, false),
                new StoredMessage(0, null, null, "42".getBytes(UTF_8), true));
    }

    /** The statements of the file that another program wrote. */
    static final String BY_HAND =
            "CREATE TABLE message(id INTEGER PRIMARY KEY, time INTEGER, key, headers TEXT, payload);"
                    + "INSERT INTO message VALUES(1, 1795276681127, 7, '{\"by\":\"hand\"}', 'text');"
                    + "INSERT INTO message VALUES(20, 2, NULL, NULL, x'0001ff');"
                    + "INSERT INTO message VALUES(30, NULL, NULL, NULL, 42);";

    private static StoredMessage text(long time, String key, String headers, String payload) {
        return new StoredMessage(time, key, headers, payload.getBytes(UTF_8), true);
    }
}
