package io.turboqueue.inspect;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a queue contains. Immutable.
 *
 * @param places the contents of each place; every place has an entry, in the order of {@link Place}
 * @param foreign the number of names in the queue's folders that are not batches; the queue ignores them
 * @param paused whether consumers are kept from claiming
 */
public record QueueStats(Map<Place, StateStats> places, long foreign, boolean paused) {

    /**
     * Copies the map and adds an empty entry for each place that is missing.
     *
     * @param places the contents of each place; not null
     * @param foreign the number of names that are not batches
     * @param paused whether consumers are kept from claiming
     */
    public QueueStats {
        Map<Place, StateStats> all = new EnumMap<>(Place.class);
        for (Place place : Place.values()) {
            all.put(place, places.getOrDefault(place, StateStats.NONE));
        }
        places = Collections.unmodifiableMap(all);
    }

    /**
     * The contents of one place.
     *
     * @param place the place; not null
     * @return the contents; never null
     */
    public StateStats of(Place place) {
        return places.getOrDefault(place, StateStats.NONE);
    }

    /**
     * The batches that can be claimed now.
     *
     * @return the contents of {@link Place#READY}; never null
     */
    public StateStats ready() {
        return of(Place.READY);
    }

    /**
     * The batches that are not yet due.
     *
     * @return the contents of {@link Place#DELAYED}; never null
     */
    public StateStats delayed() {
        return of(Place.DELAYED);
    }

    /**
     * The batches in the owner directories of processes.
     *
     * @return the contents of {@link Place#CLAIMED}; never null
     */
    public StateStats claimed() {
        return of(Place.CLAIMED);
    }

    /**
     * The batches that an operator has set aside.
     *
     * @return the contents of {@link Place#HELD}; never null
     */
    public StateStats held() {
        return of(Place.HELD);
    }

    /**
     * The dead letters.
     *
     * @return the contents of {@link Place#DEAD}; never null
     */
    public StateStats dead() {
        return of(Place.DEAD);
    }

    /**
     * Each place in turn, for people to read, such as {@code ready: 2 batches with 20000 messages and 2236416 bytes}.
     */
    @Override
    public String toString() {
        String all = places.entrySet().stream()
                .map(place -> place.getKey().word() + ": " + place.getValue())
                .collect(Collectors.joining("; "));
        return all + (foreign == 0 ? "" : "; foreign names: " + foreign) + (paused ? "; paused" : "");
    }
}
