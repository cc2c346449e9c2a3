package io.turboqueue.inspect;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a queue contains. Immutable.
 *
 * @param states the contents of each state; every state has an entry, in the order of {@link BatchState}
 * @param foreign the number of names in the queue's folders that are not batches; the queue ignores them
 * @param paused whether consumers are kept from claiming
 */
public record QueueStats(Map<BatchState, StateStats> states, long foreign, boolean paused) {

    /**
     * Copies the map and adds an empty entry for each state that is missing.
     *
     * @param states the contents of each state; not null
     * @param foreign the number of names that are not batches
     * @param paused whether consumers are kept from claiming
     */
    public QueueStats {
        Map<BatchState, StateStats> all = new EnumMap<>(BatchState.class);
        for (BatchState state : BatchState.values()) {
            all.put(state, states.getOrDefault(state, StateStats.NONE));
        }
        states = Collections.unmodifiableMap(all);
    }

    /**
     * The contents of one state.
     *
     * @param state the state; not null
     * @return the contents; never null
     */
    public StateStats of(BatchState state) {
        return states.getOrDefault(state, StateStats.NONE);
    }

    /**
     * The batches that can be claimed now.
     *
     * @return the contents of {@link BatchState#READY}; never null
     */
    public StateStats ready() {
        return of(BatchState.READY);
    }

    /**
     * The batches that are not yet due.
     *
     * @return the contents of {@link BatchState#DELAYED}; never null
     */
    public StateStats delayed() {
        return of(BatchState.DELAYED);
    }

    /**
     * The batches in the owner directories of processes.
     *
     * @return the contents of {@link BatchState#CLAIMED}; never null
     */
    public StateStats claimed() {
        return of(BatchState.CLAIMED);
    }

    /**
     * The batches that an operator has set aside.
     *
     * @return the contents of {@link BatchState#HELD}; never null
     */
    public StateStats held() {
        return of(BatchState.HELD);
    }

    /**
     * The dead letters.
     *
     * @return the contents of {@link BatchState#DEAD}; never null
     */
    public StateStats dead() {
        return of(BatchState.DEAD);
    }

    /**
     * Each state in turn, for people to read, such as {@code ready: 2 batches with 20000 messages and 2236416 bytes}.
     */
    @Override
    public String toString() {
        String all = states.entrySet().stream()
                .map(state -> state.getKey().word() + ": " + state.getValue())
                .collect(Collectors.joining("; "));
        return all + (foreign == 0 ? "" : "; foreign names: " + foreign) + (paused ? "; paused" : "");
    }
}
