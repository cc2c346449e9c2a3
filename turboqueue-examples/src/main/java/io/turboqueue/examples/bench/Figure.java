package io.turboqueue.examples.bench;

import java.util.List;

/**
 * One thing measured.
 *
 * @param group what it is compared with; a plot shows one group
 * @param name who did it, or with what
 * @param unit what the numbers count
 * @param median of the rounds
 * @param rounds what each round gave
 */
record Figure(String group, String name, String unit, double median, List<Double> rounds) {

    static Figure of(String group, String name, String unit, Samples samples) {
        return new Figure(group, name, unit, samples.median(), samples.values());
    }

    static Figure single(String group, String name, String unit, double value) {
        return new Figure(group, name, unit, value, List.of(value));
    }
}
