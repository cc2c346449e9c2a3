package io.turboqueue.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CachedClockTest {

    private final AtomicLong now = new AtomicLong(1_000);
    private final AtomicLong readings = new AtomicLong();
    private final CachedClock clock = new CachedClock(new InstantSource() {
        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(millis());
        }

        @Override
        public long millis() {
            readings.incrementAndGet();
            return now.get();
        }
    });

    /** Whether a question is answered without reading the source. */
    private boolean isTicking() {
        long asked = 0;
        long before = readings.get();
        for (int i = 0; i < 1_000; i++) {
            clock.millis();
            asked++;
        }
        return readings.get() - before < asked / 2;
    }

    /** By asking without a pause: a clock that nobody asks for 20 ms stops again. */
    private void awaitTicking() {
        while (!isTicking()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void whoAsksNowAndThenGetsTheTimeItself() {
        for (int i = 0; i < 500; i++) {
            now.incrementAndGet();
            assertThat(clock.millis()).isEqualTo(now.get());
        }
        assertThat(readings).hasValue(500);
    }

    @Test
    void whoAsksAllTheTimeSharesAReading() {
        awaitTicking();
        assertThat(clock.instant()).isEqualTo(Instant.ofEpochMilli(1_000));
    }

    @Test
    void timeGoesOnWhileTicking() {
        awaitTicking();

        now.set(5_000);

        await().until(() -> clock.millis() == 5_000);
    }

    @Test
    void aClockSetBackIsSetBack() {
        awaitTicking();

        now.set(10);

        await().until(() -> clock.millis() == 10);
    }

    @Test
    void theThreadEndsWhenNobodyAsks() {
        awaitTicking();

        await().until(() -> {
            long before = readings.get();
            Thread.onSpinWait();
            return clockThreads() == 0 && readings.get() == before;
        });
        now.set(77);
        assertThat(clock.millis()).isEqualTo(77);
    }

    private static long clockThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("turboqueue-clock"))
                .count();
    }
}
