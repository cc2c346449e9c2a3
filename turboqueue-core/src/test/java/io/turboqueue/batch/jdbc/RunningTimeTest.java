package io.turboqueue.batch.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RunningTimeTest {

    private final long start = System.nanoTime();

    private long at(long millis) {
        return start + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Test
    void itIsOverWhenItRanForLonger() {
        RunningTime time = new RunningTime(TimeUnit.SECONDS.toNanos(10));

        for (int tenths = 1; tenths < 99; tenths++) {
            assertThat(time.isOver(at(tenths * 100L))).as("%d tenths", tenths).isFalse();
        }
        assertThat(time.isOver(at(10_100))).isTrue();
    }

    @Test
    void aStoppedProcessDoesNotRun() {
        RunningTime time = new RunningTime(TimeUnit.SECONDS.toNanos(10));

        assertThat(time.isOver(at(100))).isFalse();
        assertThat(time.isOver(at(3_600_000))).as("an hour later").isFalse();
        assertThat(time.isOver(at(3_600_100))).isFalse();
    }

    @Test
    void aLargerFileMayTakeLonger() {
        RunningTime small = RunningTime.forFile(4096);
        RunningTime large = RunningTime.forFile(1L << 30);

        for (int second = 1; second < 29; second++) {
            assertThat(small.isOver(at(second * 1000L))).isFalse();
        }
        assertThat(small.isOver(at(31_000)) || small.isOver(at(32_000)) || small.isOver(at(33_000)))
                .isTrue();
        for (int second = 1; second < 150; second++) {
            assertThat(large.isOver(at(second * 1000L))).isFalse();
        }
    }
}
