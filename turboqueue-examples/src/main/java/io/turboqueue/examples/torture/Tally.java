package io.turboqueue.examples.torture;

/**
 * A run in figures; all but the first and {@code recoveries} and {@code robbed} are messages.
 *
 * @param crashes processes killed or halted, power cuts, and other faults, as the mode counts them
 * @param published messages whose publish returned
 * @param delivered messages delivered, each counted once
 * @param lost published and never delivered
 * @param wrong delivered other than sent, or never sent
 * @param duplicates deliveries of what had been delivered before
 * @param recoveries batches taken from the directories of dead owners and made ready again
 * @param robbed batches taken from the living
 */
record Tally(
        long crashes,
        long published,
        long delivered,
        long lost,
        long wrong,
        long duplicates,
        long recoveries,
        long robbed) {

    static final Tally NONE = new Tally(0, 0, 0, 0, 0, 0, 0, 0);

    Tally plus(Tally other) {
        return new Tally(
                crashes + other.crashes,
                published + other.published,
                delivered + other.delivered,
                lost + other.lost,
                wrong + other.wrong,
                duplicates + other.duplicates,
                recoveries + other.recoveries,
                robbed + other.robbed);
    }
}
