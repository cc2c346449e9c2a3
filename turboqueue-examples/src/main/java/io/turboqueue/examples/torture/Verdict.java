package io.turboqueue.examples.torture;

import java.util.ArrayList;
import java.util.List;

/**
 * What the judge says.
 *
 * @param tally the figures
 * @param violations what was not as promised, in words, with the ledger lines that show it; empty is a pass
 */
record Verdict(Tally tally, List<String> violations) {

    static final Verdict CLEAN = new Verdict(Tally.NONE, List.of());

    boolean passed() {
        return violations.isEmpty();
    }

    Verdict plus(Verdict other) {
        List<String> all = new ArrayList<>(violations);
        all.addAll(other.violations);
        return new Verdict(tally.plus(other.tally), all);
    }

    Verdict with(List<String> more) {
        return plus(new Verdict(Tally.NONE, more));
    }
}
