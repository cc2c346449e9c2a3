package io.turboqueue.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.inspect.BatchState;
import io.turboqueue.inspect.StateStats;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.QueueName;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TallyTest {

    private static BatchName name(long dueMillis, long rows, long bytes, long offset) {
        return new BatchName(
                5,
                dueMillis,
                "id",
                new BatchName.Contents(rows, bytes, 0),
                new BatchName.History(0, 0, 0, offset, false));
    }

    private static StateStats ready(BatchName... names) {
        Tally tally = new Tally();
        for (BatchName name : names) {
            tally.add(new BatchEntry(new QueueName("q"), BatchState.READY, name, Path.of("q/ready"), name.format()));
        }
        return tally.stats(false).ready();
    }

    @Test
    void nothingHasNoOldest() {
        assertThat(ready()).isEqualTo(new StateStats(0, 0, 0, Optional.empty()));
    }

    @Test
    void countsAddUpAndTheEarliestDueTimeIsTheOldest() {
        BatchName early = name(1000, 20, 200, 5);

        assertThat(ready(name(2000, 10, 100, 0), early, name(3000, 30, 300, 0)))
                .isEqualTo(new StateStats(3, 55, 600, Optional.of(early.due())));
    }

    @Test
    void aNameInTheShortFormCountsAsOneBatchWithoutMessages() {
        BatchName shortForm = new BatchName(5, 1000, "shell", null);
        assertThat(ready(shortForm)).isEqualTo(new StateStats(1, 0, 0, Optional.of(shortForm.due())));
    }

    @Test
    void anOffsetPastTheEndCountsNoMessages() {
        assertThat(ready(name(0, 3, 10, 7)).messages()).isZero();
    }

    @Test
    void foreignNamesAreCountedApart() {
        Tally tally = new Tally();
        tally.addForeign();
        tally.addForeign();
        assertThat(tally.stats(true).foreign()).isEqualTo(2);
    }
}
