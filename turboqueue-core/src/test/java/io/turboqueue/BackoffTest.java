package io.turboqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private static final int TRIES = 500;

    private static void assertAround(int earlierRetries, Duration base, Duration expected) {
        long millis = expected.toMillis();
        for (int i = 0; i < TRIES; i++) {
            assertThat(Backoff.after(earlierRetries, base).toMillis())
                    .as("after %d retries of %s", earlierRetries, base)
                    .isBetween(Math.round(millis * 0.8), Math.round(millis * 1.2));
        }
    }

    @Test
    void itDoublesWithEachRetry() {
        assertAround(0, Duration.ofSeconds(1), Duration.ofSeconds(1));
        assertAround(1, Duration.ofSeconds(1), Duration.ofSeconds(2));
        assertAround(5, Duration.ofSeconds(1), Duration.ofSeconds(32));
    }

    @Test
    void itGrowsToAnHourAtMost() {
        assertAround(20, Duration.ofSeconds(1), Duration.ofHours(1));
        assertAround(9999, Duration.ofSeconds(1), Duration.ofHours(1));
        assertAround(Integer.MAX_VALUE, Duration.ofMillis(10), Duration.ofHours(1));
    }

    @Test
    void aBaseOfMoreThanAnHourIsKept() {
        assertAround(0, Duration.ofDays(1), Duration.ofDays(1));
        assertAround(50, Duration.ofDays(1), Duration.ofDays(1));
    }

    @Test
    void noBackoffStaysNone() {
        assertThat(Backoff.after(0, Duration.ZERO)).isZero();
        assertThat(Backoff.after(100, Duration.ZERO)).isZero();
    }

    @Test
    void retriesSpreadOut() {
        Set<Duration> seen = new HashSet<>();
        for (int i = 0; i < TRIES; i++) {
            seen.add(Backoff.after(0, Duration.ofMinutes(1)));
        }
        assertThat(seen).hasSizeGreaterThan(100);
    }
}
