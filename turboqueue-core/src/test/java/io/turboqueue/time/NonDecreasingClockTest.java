package io.turboqueue.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

class NonDecreasingClockTest {

    private Instant now = Instant.parse("2026-11-21T12:00:00Z");

    private long at(NonDecreasingClock clock, String time) {
        now = Instant.parse(time);
        return clock.millis();
    }

    @Test
    void itGoesWithTheWallClockAndStandsStillWhileThatIsSetBack() {
        NonDecreasingClock clock = new NonDecreasingClock(() -> now);
        long noon = Instant.parse("2026-11-21T12:00:00Z").toEpochMilli();

        assertThat(at(clock, "2026-11-21T12:00:00Z")).isEqualTo(noon);
        assertThat(at(clock, "2026-11-21T12:00:00.005Z")).isEqualTo(noon + 5);
        assertThat(at(clock, "2026-11-20T12:00:00Z")).isEqualTo(noon + 5);
        assertThat(at(clock, "1969-12-31T00:00:00Z")).isEqualTo(noon + 5);
        assertThat(at(clock, "2026-11-21T12:00:00.006Z")).isEqualTo(noon + 6);
    }

    @Test
    void aWallClockBefore1970IsGoodEnough() {
        NonDecreasingClock clock = new NonDecreasingClock(() -> now);

        assertThat(at(clock, "1969-12-31T23:59:59.990Z")).isEqualTo(-10);
        assertThat(at(clock, "1969-12-31T23:59:59.980Z")).isEqualTo(-10);
        assertThat(at(clock, "1969-12-31T23:59:59.999Z")).isEqualTo(-1);
    }

    @Test
    void noThreadEverSeesItGoBackwards() throws Exception {
        InstantSource jumping =
                () -> Instant.ofEpochMilli(ThreadLocalRandom.current().nextLong(1_000_000));
        NonDecreasingClock clock = new NonDecreasingClock(jumping);
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            Callable<List<Long>> reader = () -> {
                List<Long> times = new ArrayList<>();
                for (int i = 0; i < 20_000; i++) {
                    times.add(clock.millis());
                }
                return times;
            };
            for (var times : threads.invokeAll(List.of(reader, reader, reader))) {
                assertThat(times.get()).isSorted();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
