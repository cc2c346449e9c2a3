package io.turboqueue.examples.torture;

import java.util.ArrayList;
import java.util.List;

/**
 * What the checker says.
 *
 * @param tally the figures
 * @param violations what was not as promised, in words, with the ledger lines that show it; empty is a pass
 * @param remarks what else is worth knowing: what was skipped, how often what was hit
 */
record Verdict(Tally tally, List<String> violations, List<String> remarks) {

    static final Verdict CLEAN = new Verdict(Tally.NONE, List.of(), List.of());

    boolean passed() {
        return violations.isEmpty();
    }

    Verdict plus(Verdict other) {
        return new Verdict(
                tally.plus(other.tally), joined(violations, other.violations), joined(remarks, other.remarks));
    }

    /** With more that was not as promised. */
    Verdict violated(List<String> more) {
        return plus(new Verdict(Tally.NONE, more, List.of()));
    }

    /** With something else worth knowing. */
    Verdict remark(String remark) {
        return plus(new Verdict(Tally.NONE, List.of(), List.of(remark)));
    }

    private static List<String> joined(List<String> some, List<String> more) {
        List<String> all = new ArrayList<>(some);
        all.addAll(more);
        return List.copyOf(all);
    }
}
