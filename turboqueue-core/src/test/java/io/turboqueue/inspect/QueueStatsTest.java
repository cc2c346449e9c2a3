package io.turboqueue.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QueueStatsTest {

    private static final Instant DUE = Instant.parse("2026-11-21T15:58:01.123Z");

    @Test
    void theTextIsForPeopleAndInTheOrderOfThePlaces() {
        QueueStats stats = new QueueStats(
                Map.of(
                        BatchState.DEAD, new StateStats(1, 1, 8192, Optional.of(DUE)),
                        BatchState.READY, new StateStats(2, 20_000, 2_236_416, Optional.of(DUE))),
                0,
                false);

        assertThat(stats)
                .hasToString("ready: 2 batches with 20000 messages and 2236416 bytes, the oldest due"
                        + " 2026-11-21T15:58:01.123Z; delayed: 0 batches; claimed: 0 batches; held: 0 batches; dead: 1"
                        + " batch with 1 message and 8192 bytes, the oldest due 2026-11-21T15:58:01.123Z");
        assertThat(stats.states().keySet()).containsExactly(BatchState.values());
    }

    @Test
    void foreignNamesAndAPauseAreSaidWhereThereAreAny() {
        assertThat(new QueueStats(Map.of(), 3, true))
                .hasToString(
                        "ready: 0 batches; delayed: 0 batches; claimed: 0 batches; held: 0 batches; dead: 0 batches;"
                                + " foreign names: 3; paused");
    }
}
