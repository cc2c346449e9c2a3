package io.turboqueue.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.directory.BatchName;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StateStatsTest {

    private static BatchName name(long dueMillis, long rows, long bytes, long offset) {
        return new BatchName(5, dueMillis, "id", new BatchName.Contents(rows, bytes, 0), 0, offset);
    }

    @Test
    void nothingHasNoOldest() {
        assertThat(StateStats.NONE).isEqualTo(new StateStats(0, 0, 0, Optional.empty()));
    }

    @Test
    void countsAddUpAndTheEarliestDueTimeIsTheOldest() {
        BatchName middle = name(2000, 10, 100, 0);
        BatchName early = name(1000, 20, 200, 5);
        BatchName late = name(3000, 30, 300, 0);

        assertThat(StateStats.NONE.plus(middle).plus(early).plus(late))
                .isEqualTo(new StateStats(3, 55, 600, Optional.of(early.due())));
    }

    @Test
    void aNameThatTellsNothingIsABatchAllTheSame() {
        BatchName shortForm = new BatchName(5, 1000, "shell", null, 0, 0);
        assertThat(StateStats.NONE.plus(shortForm)).isEqualTo(new StateStats(1, 0, 0, Optional.of(shortForm.due())));
    }

    @Test
    void moreDoneThanThereIsCountsNone() {
        assertThat(StateStats.NONE.plus(name(0, 3, 10, 7)).messages()).isZero();
    }
}
