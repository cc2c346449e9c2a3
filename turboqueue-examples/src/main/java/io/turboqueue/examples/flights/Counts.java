package io.turboqueue.examples.flights;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What all workers told so far, and when. A worker that was killed did not tell everything, and one that was started
 * again may do things twice, so this is for showing and not for deciding. Thread-safe.
 */
final class Counts {

    /** How many messages took a step, and in nano time when the first and the last of them were heard of. */
    private record Heard(long messages, long firstNanos, long lastNanos) {
        Heard plus(Heard later) {
            return new Heard(messages + later.messages, firstNanos, later.lastNanos);
        }
    }

    private final LongSupplier nanoTime;
    private final Map<Step, Heard> heard = new EnumMap<>(Step.class);

    Counts(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    synchronized void add(ProgressLine line) {
        long now = nanoTime.getAsLong();
        heard.merge(line.step(), new Heard(line.messages(), now, now), Heard::plus);
    }

    synchronized long messages(Step step) {
        return at(step).messages();
    }

    /** From when a worker first told of a step to when one last told of another; 0 when none did. */
    synchronized double seconds(Step first, Step last) {
        return Math.max(0, at(last).lastNanos() - at(first).firstNanos()) / 1e9;
    }

    /** From a moment in nano time to when a worker first told of the step; 0 when none did. */
    synchronized double secondsUntilFirst(Step step, long sinceNanos) {
        return heard.containsKey(step) ? (at(step).firstNanos() - sinceNanos) / 1e9 : 0;
    }

    private Heard at(Step step) {
        return heard.getOrDefault(step, new Heard(0, 0, 0));
    }
}
