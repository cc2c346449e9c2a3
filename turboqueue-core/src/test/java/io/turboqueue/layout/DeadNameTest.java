package io.turboqueue.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeadNameTest {

    private static final String BATCH = "5-20261121T155801123Z-x-1.n10.b8192.ca1b2c3d4.a5";
    private static final BatchName NAME = BatchName.parse(BATCH + ".db").orElseThrow();

    @Test
    void theReasonStandsBeforeTheEnding() {
        DeadName dead = new DeadName(NAME, DeadName.ATTEMPTS);

        assertThat(dead.format()).isEqualTo(BATCH + "~attempts.db");
        assertThat(DeadName.parse(BATCH + "~attempts.db")).contains(dead);
    }

    @ParameterizedTest(name = "\"{0}\" is ~{1}")
    @CsvSource({
        "crc,                                                    crc",
        "CRC,                                                    crc",
        "no such route,                                          no-such-route",
        "'java.lang.IllegalStateException: no route LAX/JFK',    java-lang-illegalstateexception-no-route",
        "'  spaces  ',                                           spaces",
        "a~b,                                                    a-b",
        "../../../etc/passwd,                                    etc-passwd",
        "a.db,                                                   a-db",
        "'',                                                     rejected",
        "---,                                                    rejected",
        "'\u65e5\u672c\u8a9e',                                   rejected",
        "\u00fcber,                                              ber",
        "\u0661\u0662,                                           rejected",
        "a\u0000b,                                               a-b",
        "abcdefghijabcdefghijabcdefghijabcdefghij0,              abcdefghijabcdefghijabcdefghijabcdefghij",
        "abcdefghijabcdefghijabcdefghijabcdefghi klm,            abcdefghijabcdefghijabcdefghijabcdefghi"
    })
    void anyReasonBecomesAWordForAFileName(String reason, String word) {
        DeadName dead = new DeadName(NAME, reason);

        assertThat(dead.reason()).isEqualTo(word);
        assertThat(DeadName.parse(dead.format())).contains(dead);
    }

    @Test
    void aReasonOfAMillionCharactersFitsTheLongestNameOfAFile() {
        BatchName longest = new BatchName(
                9,
                253_402_300_799_999L,
                "i".repeat(40),
                new BatchName.Contents(9_999_999_999L, 9_999_999_999_999L, 1),
                new BatchName.History(9999, 9999, 9, 9_999_999_999L, true));

        assertThat(new DeadName(longest, "why ".repeat(250_000)).format()).hasSizeLessThanOrEqualTo(255);
    }

    @ParameterizedTest(name = "<{0}>")
    @ValueSource(
            strings = {
                "",
                "~.db",
                "~crc.db",
                BATCH,
                BATCH + ".db",
                BATCH + "~.db",
                BATCH + "~crc",
                BATCH + "~crc.db ",
                BATCH + "~crc.db\n",
                BATCH + "~crc.DB",
                BATCH + ".db~crc.db",
                BATCH + "~CRC.db",
                BATCH + "~-crc.db",
                BATCH + "~crc-.db",
                BATCH + "~c--rc.db",
                BATCH + "~c rc.db",
                BATCH + "~crc~crc.db",
                BATCH + "~~crc.db",
                BATCH + "~crc.x.db",
                BATCH + "~\u00e4.db",
                BATCH + "~abcdefghijabcdefghijabcdefghijabcdefghij0.db",
                "x" + BATCH + "~crc.db",
                "5-20261131T155801123Z-x~crc.db",
                "claimed~00000001~q~" + BATCH + ".db"
            })
    void whateverElseIsNoDeadLetter(String text) {
        assertThat(DeadName.parse(text)).isEmpty();
    }

    @Test
    void anyReasonIsReadBackAsItWasWritten() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            String reason = random.ints(random.nextInt(60), 0, 0x180)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            DeadName dead = new DeadName(NAME, reason);
            assertThat(DeadName.parse(dead.format()))
                    .as("seed %d, reason %d: %s", seed, i, dead.format())
                    .isEqualTo(Optional.of(dead));
        }
    }
}
