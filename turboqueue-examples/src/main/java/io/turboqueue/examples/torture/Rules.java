package io.turboqueue.examples.torture;

import java.util.Set;

/**
 * What a run allows that is a violation elsewhere.
 *
 * @param leased queues with a {@code delivery.maxProcessingTime}: there a live owner may lose its claim, and is informed of it
 * @param lossAllowed whether what was published may be missing: after a power cut at durability {@code process}
 * @param renamesUndone whether a rename that was done may be undone, so that a batch comes again unannounced: after a power cut
 */
record Rules(Set<String> leased, boolean lossAllowed, boolean renamesUndone) {

    static final Rules STRICT = new Rules(Set.of(), false, false);

    static Rules leasing(String queue) {
        return new Rules(Set.of(queue), false, false);
    }

    static Rules afterPowerCut(boolean durable) {
        return new Rules(Set.of(), !durable, true);
    }
}
