package io.turboqueue.examples.bench;

/** Messages per second of one entry, a sample a round. */
record Rates(Samples write, Samples read, Samples both) {

    Rates() {
        this(new Samples(), new Samples(), new Samples());
    }

    void add(long messages, long writingNanos, long readingNanos) {
        write.add(1e9 * messages / writingNanos);
        read.add(1e9 * messages / readingNanos);
        both.add(1e9 * messages / (writingNanos + readingNanos));
    }
}
