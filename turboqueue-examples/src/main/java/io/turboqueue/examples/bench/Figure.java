package io.turboqueue.examples.bench;

import java.util.List;

/**
 * One thing measured.
 *
 * @param group what it is compared with; a plot shows one group
 * @param name who did it, or with what
 * @param unit what the numbers count
 * @param value the median of the rounds, or their mean where {@link #meanOf} made it
 * @param rounds what each round gave
 */
record Figure(String group, String name, String unit, double value, List<Double> rounds) {

    static Figure of(String group, String name, String unit, Samples samples) {
        return new Figure(group, name, unit, samples.median(), samples.values());
    }

    /** For costs that come in lumps, as a listing now and then does: a median of rounds would not see them. */
    static Figure meanOf(String group, String name, String unit, Samples samples) {
        return new Figure(group, name, unit, samples.mean(), samples.values());
    }

    static Figure single(String group, String name, String unit, double value) {
        return new Figure(group, name, unit, value, List.of(value));
    }
}
