package io.turboqueue.inspect;

import java.util.EnumMap;
import java.util.Map;

/**
 * What is in a queue.
 *
 * @param places what is where; every place has an entry
 * @param foreign names in the queue's folders that are no batches: ignored by the queue
 * @param paused whether consumers claim nothing
 */
public record QueueStats(Map<Place, StateStats> places, long foreign, boolean paused) {

    /** Keeps a copy, with nothing where nothing was given. */
    public QueueStats {
        Map<Place, StateStats> all = new EnumMap<>(Place.class);
        for (Place place : Place.values()) {
            all.put(place, places.getOrDefault(place, StateStats.NONE));
        }
        places = Map.copyOf(all);
    }

    /** Of one place. */
    public StateStats of(Place place) {
        return places.getOrDefault(place, StateStats.NONE);
    }

    /** Claimable now. */
    public StateStats ready() {
        return of(Place.READY);
    }

    /** Not due yet. */
    public StateStats later() {
        return of(Place.LATER);
    }

    /** At the desks of processes. */
    public StateStats claimed() {
        return of(Place.CLAIMED);
    }

    /** Taken out of the flow by hand. */
    public StateStats held() {
        return of(Place.HELD);
    }

    /** Given up. */
    public StateStats dead() {
        return of(Place.DEAD);
    }
}
