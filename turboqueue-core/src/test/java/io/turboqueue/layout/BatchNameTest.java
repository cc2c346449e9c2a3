package io.turboqueue.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turboqueue.layout.BatchName.Contents;
import io.turboqueue.layout.BatchName.History;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchNameTest {

    private static final String FULL = "5-20261121T155801123Z-x9k2m4q7d3w5a-0000002a.n10000.b1118208.ca1b2c3d4.a0.db";
    private static final long FIRST_MILLI =
            Instant.parse("0000-01-01T00:00:00Z").toEpochMilli();
    private static final long LAST_MILLI =
            Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();

    static Stream<Arguments> goodNames() {
        return Stream.of(
                name(
                        FULL,
                        5,
                        "2026-11-21T15:58:01.123Z",
                        "x9k2m4q7d3w5a-0000002a",
                        contents(10000, 1118208),
                        History.NONE),
                name(
                        "0-20261121T155801123Z-x-1.n1.b4096.c00000000.a9999.f9999.k9.o9999999999.db",
                        0,
                        "2026-11-21T15:58:01.123Z",
                        "x-1",
                        new Contents(1, 4096, 0),
                        new History(9999, 9999, 9, 9_999_999_999L, false)),
                name(
                        "9-00000101T000000000Z-_.n0.b0.cffffffff.a12.db",
                        9,
                        "0000-01-01T00:00:00Z",
                        "_",
                        new Contents(0, 0, 0xffffffffL),
                        new History(12, 0, 0, 0, false)),
                name(
                        "1-99991231T235959999Z-A.n9999999999.b9999999999999.ca1b2c3d4.a1.o1.db",
                        1,
                        "9999-12-31T23:59:59.999Z",
                        "A",
                        contents(9_999_999_999L, 9_999_999_999_999L),
                        new History(1, 0, 0, 1, false)),
                name(
                        "5-20261121T155801123Z-x-1.n10.b4096.ca1b2c3d4.a7.f1.x0.db",
                        5,
                        "2026-11-21T15:58:01.123Z",
                        "x-1",
                        contents(10, 4096),
                        new History(7, 1, 0, 0, true)),
                name(
                        "5-20261121T155801123Z-x-1.n10.b4096.ca1b2c3d4.a7.x3.db",
                        5,
                        "2026-11-21T15:58:01.123Z",
                        "x-1",
                        contents(10, 4096),
                        new History(7, 0, 0, 3, true)),
                name(
                        "5-20261121T155801123Z-x-1.n10.b4096.ca1b2c3d4.a7.k2.o4.db",
                        5,
                        "2026-11-21T15:58:01.123Z",
                        "x-1",
                        contents(10, 4096),
                        new History(7, 0, 2, 4, false)),
                name(
                        "5-19700101T000000000Z-all.a3.f2.k1.x9.db",
                        5,
                        "1970-01-01T00:00:00Z",
                        "all",
                        null,
                        new History(3, 2, 1, 9, true)),
                name(
                        "5-19700101T000000000Z-f.f2.db",
                        5,
                        "1970-01-01T00:00:00Z",
                        "f",
                        null,
                        new History(0, 2, 0, 0, false)),
                name(
                        "5-19700101T000000000Z-k.k1.x0.db",
                        5,
                        "1970-01-01T00:00:00Z",
                        "k",
                        null,
                        new History(0, 0, 1, 0, true)),
                name("5-20240229T000000000Z-leap-day.db", 5, "2024-02-29T00:00:00Z", "leap-day", null, History.NONE),
                name(
                        "5-19700101T000000000Z-epoch.a3.db",
                        5,
                        "1970-01-01T00:00:00Z",
                        "epoch",
                        null,
                        new History(3, 0, 0, 0, false)),
                name(
                        "5-19691231T235959999Z-before.o7.db",
                        5,
                        "1969-12-31T23:59:59.999Z",
                        "before",
                        null,
                        new History(0, 0, 0, 7, false)),
                name(
                        "5-20261121T155801123Z-both.a1.o2.db",
                        5,
                        "2026-11-21T15:58:01.123Z",
                        "both",
                        null,
                        new History(1, 0, 0, 2, false)),
                name(
                        "5-20261121T155801123Z-" + "i".repeat(40) + ".db",
                        5,
                        "2026-11-21T15:58:01.123Z",
                        "i".repeat(40),
                        null,
                        History.NONE),
                name("5-20261121T155801123Z---.db", 5, "2026-11-21T15:58:01.123Z", "--", null, History.NONE));
    }

    private static Contents contents(long rows, long bytes) {
        return new Contents(rows, bytes, 0xa1b2c3d4L);
    }

    private static Arguments name(
            String text, int priority, String due, String id, @Nullable Contents contents, History history) {
        long dueMillis = Instant.parse(due).toEpochMilli();
        return Arguments.of(text, new BatchName(priority, dueMillis, id, contents, history));
    }

    @ParameterizedTest(name = "<{0}>")
    @MethodSource("goodNames")
    void aGoodNameIsReadAndWrittenBack(String text, BatchName name) {
        assertThat(BatchName.parse(text)).contains(name);
        assertThat(name.format()).isEqualTo(text);
        assertThat(name).hasToString(text);
    }

    static Stream<Arguments> badNames() {
        return Stream.of(
                bad("empty", ""),
                bad("only the ending", ".db"),
                bad("no ending", full().replace(".db", "")),
                bad("another ending", full().replace(".db", ".dB")),
                bad("text behind", full() + "x"),
                bad("line feed behind", full() + "\n"),
                bad("space behind", full() + " "),
                bad("NUL behind", full() + "\0"),
                bad("side file", full() + "-journal"),
                bad("text before", "x" + full()),
                bad("space before", " " + full()),
                bad("folder before", "a/" + full()),
                bad("hidden", "." + full()),
                bad("NUL inside", full().replace("x9k2", "x9\0k2")),
                bad("NUL before the ending", full().replace(".db", "\0.db")),
                bad("priority of two digits", "1" + full()),
                bad("negative priority", full().replace("5-2026", "-1-2026")),
                bad("letter as priority", full().replace("5-2026", "a-2026")),
                bad("no priority", full().substring(1)),
                bad("month 13", withDue("20261321T155801123Z")),
                bad("month 0", withDue("20260021T155801123Z")),
                bad("day 0", withDue("20261100T155801123Z")),
                bad("31 November", withDue("20261131T155801123Z")),
                bad("29 February of a common year", withDue("20260229T155801123Z")),
                bad("29 February 1900", withDue("19000229T155801123Z")),
                bad("hour 24", withDue("20261121T240000000Z")),
                bad("minute 60", withDue("20261121T156001123Z")),
                bad("leap second", withDue("20261231T235960000Z")),
                bad("year of five digits", withDue("120261121T155801123Z")),
                bad("no milliseconds", withDue("20261121T155801Z")),
                bad("microseconds", withDue("20261121T155801123456Z")),
                bad("small t", withDue("20261121t155801123Z")),
                bad("small z", withDue("20261121T155801123z")),
                bad("no zone", withDue("20261121T155801123")),
                bad("colons", withDue("20261121T15:58:01.123Z")),
                bad("Arabic digit in the time", withDue("2026112\u0661T155801123Z")),
                bad("full-width digit as priority", full().replace("5-2026", "\uff15-2026")),
                bad("Arabic digit in the rows", full().replace(".n10000", ".n1000\u0660")),
                bad("Arabic digit in the attempt", full().replace(".a0", ".a\u0661")),
                bad("no id", withId("")),
                bad("id of 41 characters", withId("i".repeat(41))),
                bad("id of 300 characters", withId("i".repeat(300))),
                bad("dot in the id", withId("a.b")),
                bad("slash in the id", withId("a/b")),
                bad("way out in the id", withId("../../x")),
                bad("space in the id", withId("a b")),
                bad("tilde in the id", withId("a~b")),
                bad("umlaut in the id", withId("\u00e4")),
                bad("emoji in the id", withId("\ud83d\ude00")),
                bad("leading zero in the rows", full().replace(".n10000", ".n010000")),
                bad("negative rows", full().replace(".n10000", ".n-1")),
                bad("plus sign in the rows", full().replace(".n10000", ".n+1")),
                bad("empty rows", full().replace(".n10000", ".n")),
                bad("rows of 11 digits", full().replace(".n10000", ".n99999999999")),
                bad("rows beyond a long", full().replace(".n10000", ".n99999999999999999999")),
                bad("leading zero in the bytes", full().replace(".b1118208", ".b01118208")),
                bad("bytes of 14 digits", full().replace(".b1118208", ".b99999999999999")),
                bad("bytes beyond a long", full().replace(".b1118208", ".b9223372036854775808")),
                bad("CRC of 7 digits", full().replace(".ca1b2c3d4", ".ca1b2c3d")),
                bad("CRC of 9 digits", full().replace(".ca1b2c3d4", ".ca1b2c3d4e")),
                bad("CRC in capitals", full().replace(".ca1b2c3d4", ".cA1B2C3D4")),
                bad("CRC not hex", full().replace(".ca1b2c3d4", ".ca1b2c3dg")),
                bad("rows without bytes and CRC", full().replace(".b1118208.ca1b2c3d4", "")),
                bad("no CRC", full().replace(".ca1b2c3d4", "")),
                bad("bytes before rows", full().replace(".n10000.b1118208", ".b1118208.n10000")),
                bad("no attempt in the long form", full().replace(".a0", "")),
                bad("leading zero in the attempt", full().replace(".a0", ".a00")),
                bad("leading zero in the attempt", full().replace(".a0", ".a01")),
                bad("negative attempt", full().replace(".a0", ".a-1")),
                bad("attempt of five digits", full().replace(".a0", ".a10000")),
                bad("attempt beyond an int", full().replace(".a0", ".a4294967296")),
                bad("offset 0", full().replace(".a0", ".a0.o0")),
                bad("leading zero in the offset", full().replace(".a0", ".a0.o01")),
                bad("offset of 11 digits", full().replace(".a0", ".a0.o10000000000")),
                bad("offset before attempt", full().replace(".a0", ".o1.a0")),
                bad("attempt 0 in the short form", "5-20261121T155801123Z-x.a0.db"),
                bad("offset 0 in the short form", "5-20261121T155801123Z-x.o0.db"),
                bad("failures 0", full().replace(".a0", ".a0.f0")),
                bad("leading zero in the failures", full().replace(".a0", ".a0.f01")),
                bad("failures of five digits", full().replace(".a0", ".a0.f10000")),
                bad("failures before attempt", full().replace(".a0", ".f1.a0")),
                bad("failures after the offset", full().replace(".a0", ".a0.o1.f1")),
                bad("killed 0", full().replace(".a0", ".a0.k0")),
                bad("killed of two digits", full().replace(".a0", ".a0.k10")),
                bad("killed before failures", full().replace(".a0", ".a1.k1.f1")),
                bad("killed after the offset", full().replace(".a0", ".a1.o1.k1")),
                bad("leading zero in the begun", full().replace(".a0", ".a0.x01")),
                bad("begun of 11 digits", full().replace(".a0", ".a0.x10000000000")),
                bad("begun without a number", full().replace(".a0", ".a0.x")),
                bad("begun beside an offset", full().replace(".a0", ".a0.o1.x1")),
                bad("an offset beside begun", full().replace(".a0", ".a0.x1.o1")),
                bad("begun before attempt", full().replace(".a0", ".x1.a0")),
                bad("Arabic digit in the failures", full().replace(".a0", ".a0.f\u0661")),
                bad("two attempts", full().replace(".a0", ".a0.a1")),
                bad("something new at the end", full().replace(".a0", ".a0.z1")),
                bad("dead letter", full().replace(".db", "~crc.db")),
                bad("claim", "claimed~0000001c~flights~" + full()),
                bad("editor's backup", full() + "~"),
                bad("NFS leftover", ".nfs000000000000a1b2"));
    }

    private static String full() {
        return FULL;
    }

    private static String withDue(String due) {
        return FULL.replace("20261121T155801123Z", due);
    }

    private static String withId(String id) {
        return FULL.replace("x9k2m4q7d3w5a-0000002a", id);
    }

    private static Arguments bad(String why, String text) {
        return Arguments.of(why, text);
    }

    @ParameterizedTest(name = "<{0}>")
    @MethodSource("badNames")
    void whateverElseIsNoName(String why, String text) {
        assertThat(BatchName.parse(text)).as(why).isEmpty();
    }

    @Test
    void theNameThatTheBadOnesAreMadeOfIsGood() {
        assertThat(BatchName.parse(FULL)).isPresent();
    }

    @Test
    void anyNameIsReadBackAsItWasWritten() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            BatchName name = randomName(random);
            assertThat(BatchName.parse(name.format()))
                    .as("seed %d, name %d", seed, i)
                    .isEqualTo(Optional.of(name));
        }
    }

    @Test
    void anyTextThatIsReadIsWrittenBackAsItWas() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String letters = "0123456789abcdefnboxkZT.-_~\0 \u0660A";
        int read = 0;
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder(randomName(random).format());
            int at = random.nextInt(text.length());
            char letter = letters.charAt(random.nextInt(letters.length()));
            switch (random.nextInt(3)) {
                case 0 -> text.setCharAt(at, letter);
                case 1 -> text.insert(at, letter);
                default -> text.deleteCharAt(at);
            }
            Optional<BatchName> name = BatchName.parse(text.toString());
            if (name.isPresent()) {
                read++;
                assertThat(name.get().format()).as("seed %d, text %d", seed, i).isEqualTo(text.toString());
            }
        }
        assertThat(read).as("seed %d: texts that were names", seed).isPositive();
    }

    @Test
    void namesSortByPriorityAndThenByDueTime() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<BatchName> names = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            names.add(randomName(random));
        }
        List<BatchName> byText = new ArrayList<>(names);
        byText.sort(Comparator.comparing(BatchName::format));

        assertThat(byText)
                .as("seed %d", seed)
                .isSortedAccordingTo(
                        Comparator.comparingInt(BatchName::priority).thenComparingLong(BatchName::dueMillis));
    }

    @Test
    void batchesOfOneProducerDueAtOneTimeSortByTheirNumbers() {
        String first = new BatchName(5, 0, "abcdefghjkmnp-00000009", contents(10, 1)).format();
        String second = new BatchName(5, 0, "abcdefghjkmnp-0000000a", contents(9, 1)).format();
        String later = new BatchName(5, 0, "abcdefghjkmnp-10000000", contents(1, 1)).format();

        assertThat(List.of(first, second, later)).isSorted();
    }

    private static BatchName randomName(Random random) {
        String letters = "ABCXYZabcxyz0123456789_-";
        StringBuilder id = new StringBuilder();
        for (int i = 1 + random.nextInt(40); i > 0; i--) {
            id.append(letters.charAt(random.nextInt(letters.length())));
        }
        Contents contents = random.nextBoolean()
                ? null
                : new Contents(
                        random.nextLong(10_000_000_000L),
                        random.nextLong(10_000_000_000_000L),
                        random.nextLong(1L << 32));
        return new BatchName(
                random.nextInt(10),
                random.nextLong(FIRST_MILLI, LAST_MILLI + 1),
                id.toString(),
                contents,
                new History(
                        random.nextBoolean() ? 0 : random.nextInt(10_000),
                        random.nextBoolean() ? 0 : random.nextInt(10_000),
                        random.nextBoolean() ? 0 : random.nextInt(10),
                        random.nextBoolean() ? 0 : random.nextLong(10_000_000_000L),
                        random.nextBoolean()));
    }

    @Test
    void whatIsLeftToDeliverIsRowsWithoutThoseDone() {
        BatchName name = BatchName.parse(FULL).orElseThrow();

        assertThat(name.messages()).isEqualTo(10_000);
        assertThat(name.withOffset(250).messages()).isEqualTo(9_750);
        assertThat(name.withOffset(10_000).messages()).isZero();
        assertThat(name.withOffset(10_001).messages()).isZero();
        assertThat(name.bytes()).isEqualTo(1_118_208);
    }

    @Test
    void theShortFormDoesNotTellWhatItHolds() {
        BatchName name = BatchName.parse("5-20261121T155801123Z-x.o3.db").orElseThrow();

        assertThat(name.contents()).isNull();
        assertThat(name.messages()).isZero();
        assertThat(name.bytes()).isZero();
    }

    private static BatchName named(String history) {
        return BatchName.parse(FULL.replace(".a0", history)).orElseThrow();
    }

    @Test
    void aFailureRaisesBothNumbersAndNothingElse() {
        assertThat(named(".a0").failed()).isEqualTo(named(".a1.f1"));
        assertThat(named(".a7.f2.k1.o3").failed()).isEqualTo(named(".a8.f3.k1.o3"));
        assertThat(named(".a7.x3").failed()).isEqualTo(named(".a8.f1.o3"));
    }

    @Test
    void aDeathSaysThatTheNextDeliveryBeginsWithOneMessageAlone() {
        assertThat(named(".a0").died()).isEqualTo(named(".a1.f1.x0"));
        assertThat(named(".a7.f2.k1.o3").died()).isEqualTo(named(".a8.f3.k1.x3"));
        assertThat(named(".a7.x3").died()).isEqualTo(named(".a8.f1.x3"));
    }

    @Test
    void aClaimAfterAFailureSaysThatNoMoreThanTheNextMessageIsBegun() {
        assertThat(named(".a0").claimed()).isEqualTo(named(".a0"));
        assertThat(named(".a7.o3").claimed()).isEqualTo(named(".a7.o3"));
        assertThat(named(".a7.f1").claimed()).isEqualTo(named(".a7.f1.x0"));
        assertThat(named(".a7.f1.o3").claimed()).isEqualTo(named(".a7.f1.x3"));
        assertThat(named(".a7.x3").claimed()).isEqualTo(named(".a7.x3"));
    }

    @Test
    void whatIsReleasedWithoutAFailureIsBegunNoMore() {
        assertThat(named(".a7.x3").released()).isEqualTo(named(".a7.o3"));
        assertThat(named(".a7.x0").released()).isEqualTo(named(".a7"));
        assertThat(named(".a7.f1.x3").released()).isEqualTo(named(".a7.f1.x3"));
        assertThat(named(".a7.o3").released()).isEqualTo(named(".a7.o3"));
    }

    @Test
    void whatIsReleasedAfterAMessageWasHandedOutCountsAnAttemptAndNoFailure() {
        assertThat(named(".a0").releasedAfterDelivery()).isEqualTo(named(".a1"));
        assertThat(named(".a7.x3").releasedAfterDelivery()).isEqualTo(named(".a8.o3"));
        assertThat(named(".a7.f1.x3").releasedAfterDelivery()).isEqualTo(named(".a8.f1.x3"));
        assertThat(named(".a7.k1.o3").releasedAfterDelivery()).isEqualTo(named(".a8.k1.o3"));
        assertThat(named(".a9999").releasedAfterDelivery()).isEqualTo(named(".a9999"));
    }

    @Test
    void aMessageThatIsLeftOutIsPassedAndCounted() {
        assertThat(named(".a7.f5.x3").withoutNext()).isEqualTo(named(".a7.k1.o4"));
        assertThat(named(".a7.f5.k1.x3").withoutNext()).isEqualTo(named(".a7.k2.o4"));
        assertThat(named(".a7.f5.k9.x3").withoutNext()).isEqualTo(named(".a7.k9.o4"));
    }

    @Test
    void oneMessageBegunIsWrittenWithItsOffsetAndForgetsTheFailuresOfAnother() {
        assertThat(named(".a7.f2.o3").withBegun(3)).isEqualTo(named(".a7.f2.x3"));
        assertThat(named(".a7.f2.x3").withBegun(4)).isEqualTo(named(".a7.x4"));
        assertThat(named(".a0").withBegun(0)).isEqualTo(named(".a0.x0"));
    }

    @Test
    void aHigherOffsetForgetsTheFailuresButNotTheDeliveries() {
        assertThat(named(".a0").withOffset(3)).isEqualTo(named(".a0.o3"));
        assertThat(named(".a7.f2.k1.o3").withOffset(4)).isEqualTo(named(".a7.k1.o4"));
        assertThat(named(".a7.f2.x3").withOffset(4)).isEqualTo(named(".a7.o4"));
    }

    @Test
    void theSameOffsetKeepsTheFailures() {
        assertThat(named(".a7.f2.o3").withOffset(3)).isEqualTo(named(".a7.f2.o3"));
        assertThat(named(".a7.f2.x3").withOffset(3)).isEqualTo(named(".a7.f2.o3"));
    }

    @Test
    void aRedriveForgetsTheFailuresButNotTheDeliveries() {
        assertThat(named(".a7.f5.k3.x3").redriven()).isEqualTo(named(".a7.o3"));
        assertThat(named(".a7.f5").redriven()).isEqualTo(named(".a7"));
    }

    @Test
    void anotherDueTimeChangesNothingElse() {
        assertThat(named(".a7.f5.k3.x3").dueAt(0))
                .hasToString(withDue("19700101T000000000Z").replace(".a0", ".a7.f5.k3.x3"));
        assertThat(named(".a0").due()).isEqualTo(Instant.parse("2026-11-21T15:58:01.123Z"));
    }

    @Test
    void bothNumbersEndAtTheMostThatANameCanHold() {
        assertThat(named(".a9999.f9999").failed()).isEqualTo(named(".a9999.f9999"));
    }

    @ParameterizedTest(name = "due at {0}")
    @ValueSource(longs = {Long.MIN_VALUE, -62_167_219_200_001L, 253_402_300_800_000L, Long.MAX_VALUE})
    void aDueTimeThatNoNameCanHoldIsRefusedRatherThanWrittenSoThatNobodyReadsIt(long due) {
        BatchName name = BatchName.parse(FULL).orElseThrow();

        assertThatThrownBy(() -> name.dueAt(due).format()).isInstanceOf(IllegalArgumentException.class);
    }
}
