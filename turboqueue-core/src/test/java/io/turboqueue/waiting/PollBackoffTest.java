package io.turboqueue.waiting;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PollBackoffTest {

    @ParameterizedTest(name = "after {0} empty looks: {1} us with a watch, {2} us without")
    @CsvSource({
        "-5,          500,     500",
        "0,           500,     500",
        "1,           500,     500",
        "2,           1000,    1000",
        "3,           2000,    2000",
        "4,           4000,    4000",
        "5,           8000,    8000",
        "6,           16000,   10000",
        "7,           32000,   10000",
        "11,          512000,  10000",
        "12,          1000000, 10000",
        "13,          1000000, 10000",
        "64,          1000000, 10000",
        "65,          1000000, 10000",
        "1000,        1000000, 10000",
        "2147483647,  1000000, 10000",
        "-2147483648, 500,     500"
    })
    void theWaitDoublesUpToASecondOrToTenMillisecondsWithoutAWatch(int emptyLooks, long watched, long unwatched) {
        assertThat(Duration.ofNanos(PollBackoff.nanos(emptyLooks, true))).isEqualTo(micros(watched));
        assertThat(Duration.ofNanos(PollBackoff.nanos(emptyLooks, false))).isEqualTo(micros(unwatched));
    }

    private static Duration micros(long micros) {
        return Duration.ofNanos(micros * 1000);
    }
}
