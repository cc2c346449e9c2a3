package io.turboqueue.examples.bench;

import org.jspecify.annotations.Nullable;

/**
 * One line of the verdict.
 *
 * @param target what was asked for; null if nothing was
 * @param met whether it was reached; null without a target
 */
record Ratio(
        String name,
        double ratio,
        @Nullable Double target,
        @Nullable Boolean met) {

    static Ratio atLeast(String name, double ratio, double target) {
        return new Ratio(name, ratio, target, ratio >= target);
    }

    /** For costs; the name says so, as the target's number alone does not. */
    static Ratio atMost(String name, double ratio, double target) {
        return new Ratio(name + " (at most)", ratio, target, ratio <= target);
    }

    /** For what is asked for in numbers of its own: the target is that number, the ratio is how much of it there is. */
    static Ratio share(String name, double measured, double target) {
        return new Ratio(name, measured / target, target, measured >= target);
    }

    static Ratio shown(String name, double ratio) {
        return new Ratio(name, ratio, null, null);
    }
}
