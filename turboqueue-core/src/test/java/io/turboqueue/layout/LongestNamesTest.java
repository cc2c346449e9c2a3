package io.turboqueue.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** No batch ever gets a name that a file system refuses: it could then never be given back or set aside. */
class LongestNamesTest {

    private static final int MAX = 255;
    private static final QueueName QUEUE = new QueueName("q".repeat(100));
    private static final String ID = "i".repeat(40);
    private static final BatchName BATCH = new BatchName(
            9,
            Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli(),
            ID,
            new BatchName.Contents(9_999_999_999L, 9_999_999_999_999L, 0xffffffffL),
            new BatchName.History(9999, 9999, 9, 9_999_999_999L, true));

    static Stream<Arguments> longest() {
        return Stream.of(
                Arguments.of("a batch", BATCH.format(), BatchName.parse(BATCH.format())),
                entry("a claim", new OwnerEntry.Claimed((1L << 60) - 1, QUEUE, BATCH)),
                entry("a batch being filled", new OwnerEntry.Loading(QUEUE, ID)),
                dead("crc"),
                dead("why ".repeat(100)),
                Arguments.of("an emptied file", ID + BatchName.SUFFIX, true));
    }

    private static Arguments entry(String what, OwnerEntry entry) {
        return Arguments.of(what, entry.format(), OwnerEntry.parse(entry.format()));
    }

    private static Arguments dead(String reason) {
        String name = new DeadName(BATCH, reason).format();
        return Arguments.of("a dead letter", name, DeadName.parse(name));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("longest")
    void theLongestNameIsReadBackAndFits(String what, String name, Object readBack) {
        assertThat(readBack).as("%s %s, read back", what, name).isNotEqualTo(Optional.empty());
        assertThat(name).as(what).hasSizeLessThanOrEqualTo(MAX);
    }
}
