package io.turboqueue.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitTextTest {

    @ParameterizedTest(name = "\"{0}\" is {1} ns")
    @CsvSource({
        "0,               0",
        "0.0,             0",
        "0s,              0",
        "0d,              0",
        "1ns,             1",
        "1us,             1000",
        "1ms,             1000000",
        "1s,              1000000000",
        "1m,              60000000000",
        "1h,              3600000000000",
        "1d,              86400000000000",
        "1.5s,            1500000000",
        "0.25h,           900000000000",
        "0.000000001s,    1",
        "1 s,             1000000000",
        "1\t s,           1000000000",
        "'  7ms  ',       7000000",
        "007s,            7000000000",
        "106751d,         9223286400000000000",
        "999999999999999999ns, 999999999999999999"
    })
    void aTimeIsANumberWithItsUnit(String text, long nanos) {
        assertThat(UnitText.parseTime(text)).isEqualTo(Duration.ofNanos(nanos));
    }

    @ParameterizedTest(name = "\"{0}\" is {1} bytes")
    @CsvSource({
        "0,       0",
        "1,       1",
        "8388608, 8388608",
        "1B,      1",
        "1b,      1",
        "1K,      1024",
        "1k,      1024",
        "1KB,     1024",
        "1kb,     1024",
        "1KiB,    1024",
        "1kib,    1024",
        "1KIB,    1024",
        "8MiB,    8388608",
        "8M,      8388608",
        "8MB,     8388608",
        "8 MiB,   8388608",
        "'  8MiB ', 8388608",
        "1G,      1073741824",
        "1GiB,    1073741824",
        "1TiB,    1099511627776",
        "1tb,     1099511627776",
        "0.5KiB,  512",
        "1.5MiB,  1572864",
        "008K,    8192",
        "8388607TiB, 9223370937343148032"
    })
    void aSizeIsANumberWithOrWithoutItsUnit(String text, long bytes) {
        assertThat(UnitText.parseSize(text)).isEqualTo(bytes);
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(
            strings = {
                "",
                " ",
                "s",
                "1",
                "5",
                "0.1",
                "1S",
                "1H",
                "1M",
                "1MS",
                "1sec",
                "1 minute",
                "1min",
                "1w",
                "1y",
                "-1s",
                "+1s",
                "1e3s",
                "1,5s",
                ".5s",
                "1.s",
                "1..5s",
                "1.5.5s",
                "1s2ms",
                "1h 30m",
                "PT1S",
                "off",
                "NaN",
                "Infinity",
                "\u0661s",
                "\uff11s",
                "1\u00b5s",
                "0x10s",
                "1_000s",
                "1s\0",
                "s1",
                "1000000000000000000s",
                "0.0000000001s"
            })
    void whateverElseIsNoTime(String text) {
        assertThatThrownBy(() -> UnitText.parseTime(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(
            strings = {
                "",
                " ",
                "B",
                "MiB",
                "1Ki",
                "1i",
                "1iB",
                "1BB",
                "1BiB",
                "1KK",
                "1KBB",
                "1PiB",
                "1P",
                "1E",
                "1bit",
                "1s",
                "-1",
                "-1KiB",
                "+1",
                "1e3",
                "1,5M",
                ".5M",
                "1.M",
                "1..5M",
                "1 K B",
                "off",
                "NaN",
                "\u0661",
                "\uff11K",
                "0x10",
                "1_000",
                "1\0",
                "1000000000000000000"
            })
    void whateverElseIsNoSize(String text) {
        assertThatThrownBy(() -> UnitText.parseSize(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(strings = {"106752d", "2562048h", "153722868m", "9223372037s", "999999999999999999d"})
    void aTimeBeyondALongOfNanosecondsIsAnOverflow(String text) {
        assertThatThrownBy(() -> UnitText.parseTime(text)).isInstanceOf(ArithmeticException.class);
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(strings = {"8388608TiB", "8589934592GiB", "999999999999999999KiB"})
    void aSizeBeyondALongIsAnOverflow(String text) {
        assertThatThrownBy(() -> UnitText.parseSize(text)).isInstanceOf(ArithmeticException.class);
    }

    @ParameterizedTest(name = "{0} ns is \"{1}\"")
    @CsvSource({
        "0,                   0s",
        "1,                   1ns",
        "999,                 999ns",
        "1000,                1us",
        "1500000,             1500us",
        "1500000000,          1500ms",
        "60000000000,         1m",
        "90000000000,         90s",
        "3600000000000,       1h",
        "86400000000000,      1d",
        "90000000000000,      25h",
        "9223372036854775807, 9223372036854775807ns"
    })
    void aTimeIsWrittenInTheLargestUnitThatDividesIt(long nanos, String text) {
        assertThat(UnitText.formatTime(Duration.ofNanos(nanos))).isEqualTo(text);
    }

    @ParameterizedTest(name = "{0} bytes is \"{1}\"")
    @CsvSource({
        "0,                   0B",
        "1,                   1B",
        "1023,                1023B",
        "1024,                1KiB",
        "1536,                1536B",
        "10240,               10KiB",
        "8388608,             8MiB",
        "8388609,             8388609B",
        "1073741824,          1GiB",
        "1099511627776,       1TiB",
        "1125899906842624,    1024TiB",
        "9223372036854775807, 9223372036854775807B"
    })
    void aSizeIsWrittenInTheLargestUnitThatDividesIt(long bytes, String text) {
        assertThat(UnitText.formatSize(bytes)).isEqualTo(text);
    }

    @Test
    void aTimeTooLongToCountIsWrittenSoThatItIsRefused() {
        for (Duration time : List.of(Duration.ofSeconds(Long.MAX_VALUE), Duration.ofSeconds(Long.MIN_VALUE + 1))) {
            String text = UnitText.formatTime(time);
            assertThat(text).isEqualTo(time.toString());
            assertThatThrownBy(() -> UnitText.parseTime(text)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void whatIsNegativeIsWrittenSoThatItIsRefused() {
        String time = UnitText.formatTime(Duration.ofSeconds(-5));
        String size = UnitText.formatSize(-2048);

        assertThat(time).isEqualTo("-5s");
        assertThat(size).isEqualTo("-2KiB");
        assertThatThrownBy(() -> UnitText.parseTime(time)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> UnitText.parseSize(size)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatIsWrittenIsReadBack() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long[] factors = {1, 1000, 1_000_000, 1_000_000_000, 60_000_000_000L, 1024, 1 << 20, 1 << 30};
        for (int i = 0; i < 10_000; i++) {
            long value = random.nextInt(1_000_000) * factors[random.nextInt(factors.length)];
            Duration time = Duration.ofNanos(value);
            assertThat(UnitText.parseTime(UnitText.formatTime(time)))
                    .as("seed %d", seed)
                    .isEqualTo(time);
            assertThat(UnitText.parseSize(UnitText.formatSize(value)))
                    .as("seed %d", seed)
                    .isEqualTo(value);
        }
    }
}
