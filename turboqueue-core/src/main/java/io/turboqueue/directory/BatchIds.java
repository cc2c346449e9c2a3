package io.turboqueue.directory;

import java.util.concurrent.atomic.AtomicLong;

/** A producer's batch ids: its 65 random bits and a counter. Thread-safe. */
public final class BatchIds {

    private static final int PRODUCER_LENGTH = 13;

    private final String producer = RandomText.of(PRODUCER_LENGTH);
    private final AtomicLong sequence = new AtomicLong();

    /** An id that never occurred and never will again. */
    public String next() {
        return producer + "-" + HexText.of(sequence.getAndIncrement());
    }
}
