package io.turboqueue;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before a retry. */
final class Backoff {

    private static final Duration MAX = Duration.ofHours(1);
    private static final int MAX_DOUBLINGS = 20;
    private static final double JITTER = 0.2;

    private Backoff() {}

    /** Doubles with each earlier retry, up to an hour or the base if that is longer; a fifth more or less at random. */
    static Duration after(int earlierRetries, Duration base) {
        long most = Math.max(MAX.toMillis(), base.toMillis());
        long doubled = base.toMillis() << Math.min(earlierRetries, MAX_DOUBLINGS);
        double jitter = 1 + JITTER * (2 * ThreadLocalRandom.current().nextDouble() - 1);
        return Duration.ofMillis(Math.round(Math.min(doubled, most) * jitter));
    }
}
