package io.turboqueue.inspect;

import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Which batches are meant. All conditions must hold. Immutable; each method that adds a condition returns a new filter.
 *
 * <pre>{@code
 * BatchFilter.in(BatchState.DEAD).reason("attempts").dueBefore(yesterday).limit(100)
 * }</pre>
 *
 * @param states in one of these states; not empty
 * @param ids with one of these ids; empty for any
 * @param reason dead letters with this reason; empty for any batch
 * @param dueBefore due before this time; empty for any time
 * @param limit only the first this many, in the order of claiming; at least 0
 */
public record BatchFilter(
        Set<BatchState> states,
        Optional<Set<String>> ids,
        Optional<String> reason,
        Optional<Instant> dueBefore,
        long limit) {

    private static final BatchFilter ALL = new BatchFilter(
            EnumSet.allOf(BatchState.class), Optional.empty(), Optional.empty(), Optional.empty(), Long.MAX_VALUE);

    /**
     * A filter with all conditions.
     *
     * @param states in one of these states; not empty
     * @param ids with one of these ids; empty for any
     * @param reason dead letters with this reason; empty for any batch
     * @param dueBefore due before this time; empty for any time
     * @param limit only the first this many; at least 0
     * @throws IllegalArgumentException if no state is named, or the limit is negative
     */
    public BatchFilter {
        if (states.isEmpty()) {
            throw new IllegalArgumentException("a filter without states matches nothing; name at least one state");
        }
        if (limit < 0) {
            throw new IllegalArgumentException("limit = " + limit + "; it must be at least 0");
        }
        states = Set.copyOf(states);
        ids = ids.map(Set::copyOf);
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(dueBefore, "dueBefore");
    }

    /**
     * Every batch.
     *
     * @return a filter without conditions
     */
    public static BatchFilter all() {
        return ALL;
    }

    /**
     * Batches in certain states.
     *
     * @param first one state
     * @param more other states
     * @return a filter with this condition only
     */
    public static BatchFilter in(BatchState first, BatchState... more) {
        return ALL.states(EnumSet.of(first, more));
    }

    /**
     * Adds the condition that a batch is in one of these states.
     *
     * @param any the states; not empty
     * @return a new filter
     * @throws IllegalArgumentException if no state is named
     */
    public BatchFilter states(Collection<BatchState> any) {
        return new BatchFilter(Set.copyOf(any), ids, reason, dueBefore, limit);
    }

    /**
     * Adds the condition that a batch has one of these ids.
     *
     * @param any whole ids
     * @return a new filter
     */
    public BatchFilter ids(Collection<String> any) {
        return new BatchFilter(states, Optional.of(Set.copyOf(any)), reason, dueBefore, limit);
    }

    /**
     * Adds the condition that a batch is a dead letter with this reason.
     *
     * @param text the reason, such as {@code attempts}
     * @return a new filter
     */
    public BatchFilter reason(String text) {
        return new BatchFilter(states, ids, Optional.of(text), dueBefore, limit);
    }

    /**
     * Adds the condition that a batch was due before a time.
     *
     * @param time the time
     * @return a new filter
     */
    public BatchFilter dueBefore(Instant time) {
        return new BatchFilter(states, ids, reason, Optional.of(time), limit);
    }

    /**
     * Limits the number of batches.
     *
     * @param most the largest number; at least 0
     * @return a new filter
     * @throws IllegalArgumentException if the number is negative
     */
    public BatchFilter limit(long most) {
        return new BatchFilter(states, ids, reason, dueBefore, most);
    }

    /**
     * Whether all conditions but the limit hold for a batch.
     *
     * @param batch the batch; not null
     * @return true if they hold
     */
    public boolean matches(BatchInfo batch) {
        return states.contains(batch.state())
                && ids.map(any -> any.contains(batch.id())).orElse(true)
                && reason.map(text -> batch.reason().filter(text::equals).isPresent())
                        .orElse(true)
                && dueBefore.map(time -> batch.due().isBefore(time)).orElse(true);
    }
}
