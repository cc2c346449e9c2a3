package io.turboqueue.examples.bench;

import java.util.Random;

/**
 * What a contestant is to do in one round. The messages are written and then read, and that as many times as there are
 * cycles, so that a round is long enough for the clock and the files of a cycle still stay in the page cache.
 *
 * @param messageBytes the size of each payload
 * @param rows messages per batch
 * @param backlog batches written before the first one is read
 * @param cycles how often that is repeated
 */
record Workload(int messageBytes, int rows, int backlog, int cycles) {

    private static final long SEED = 20261121;
    private static final int DISTINCT = 10_000;

    static Workload parse(String text) {
        String[] numbers = text.split("x", -1);
        return new Workload(
                Integer.parseInt(numbers[0]),
                Integer.parseInt(numbers[1]),
                Integer.parseInt(numbers[2]),
                Integer.parseInt(numbers[3]));
    }

    /** The form that {@link #parse} reads. */
    String text() {
        return messageBytes + "x" + rows + "x" + backlog + "x" + cycles;
    }

    int cycleMessages() {
        return rows * backlog;
    }

    long cycleBytes() {
        return (long) cycleMessages() * messageBytes;
    }

    /** The same bytes in every run and every process; at most the messages of one batch, which all batches repeat. */
    byte[][] payloads() {
        Random random = new Random(SEED);
        byte[][] payloads = new byte[Math.min(rows, DISTINCT)][];
        for (int i = 0; i < payloads.length; i++) {
            payloads[i] = new byte[messageBytes];
            random.nextBytes(payloads[i]);
        }
        return payloads;
    }
}
