package io.turboqueue.examples.bench;

import java.util.List;

/**
 * How much is done.
 *
 * @param name what it is called on the command line
 * @param warmUp rounds before those that count
 * @param rounds rounds that count
 * @param effort multiplies the length of a round, in tenths
 * @param consumers how many consumer processes are tried
 * @param backlogs how many ready batches claims are tried with
 * @param claims claims a round
 * @param latencies messages whose latency is measured
 * @param idleSeconds how long waiting consumers are watched
 */
record Plan(
        String name,
        int warmUp,
        int rounds,
        int effort,
        List<Integer> consumers,
        List<Integer> backlogs,
        int claims,
        int latencies,
        int idleSeconds) {

    static final Plan FULL =
            new Plan("full", 5, 21, 10, List.of(1, 2, 4, 8, 16), List.of(10, 1000, 100_000), 2000, 1000, 10);
    static final Plan QUICK = new Plan("quick", 3, 5, 2, List.of(1, 2, 4), List.of(10, 1000, 100_000), 1000, 150, 3);
    static final Plan TINY = new Plan("tiny", 0, 1, 0, List.of(1, 2), List.of(10, 20), 20, 5, 1);

    /** A workload with as many cycles as this plan allows; {@code cycles} are those of the full run. */
    Workload workload(int messageBytes, int rows, int backlog, int cycles) {
        int size = effort == 0 ? Math.min(rows, 100) : rows;
        return new Workload(messageBytes, size, backlog, Math.max(1, cycles * effort / 10));
    }
}
