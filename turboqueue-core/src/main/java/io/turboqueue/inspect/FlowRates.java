package io.turboqueue.inspect;

import java.time.Duration;
import java.util.Optional;

/**
 * How fast messages go through a queue, in messages per second over the last few samples. Immutable.
 *
 * @param in published
 * @param out claimed
 * @param done acked, or gone in another way
 * @param backlog the messages that are ready, delayed or claimed
 */
public record FlowRates(double in, double out, double done, long backlog) {

    private static final double SECONDS_PER_YEAR = 365.0 * 24 * 3600;

    /**
     * How long the backlog lasts if all continues like this.
     *
     * @return empty if there is no backlog, it does not shrink, or it would last longer than a year
     */
    public Optional<Duration> emptyIn() {
        double shrinking = done - in;
        return backlog == 0 || shrinking * SECONDS_PER_YEAR < backlog
                ? Optional.empty()
                : Optional.of(Duration.ofMillis((long) (1000 * backlog / shrinking)));
    }
}
