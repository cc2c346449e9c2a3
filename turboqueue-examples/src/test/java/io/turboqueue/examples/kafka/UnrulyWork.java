package io.turboqueue.examples.kafka;

import java.io.IOException;

/** Fails in another way for each of a few events; the others are enriched flights. */
public final class UnrulyWork implements EventWork {

    /** How many of the first thousand events fail. */
    static final int BAD = 8;

    static final int TOO_LARGE = 9 << 20;

    private final FlightEvents events = new FlightEvents();
    private final FlightEnrichment enrichment = new FlightEnrichment();

    /** For the worker processes. */
    public UnrulyWork() throws IOException {
        // the flights are read from the class path
    }

    @Override
    public byte[] apply(byte[] value) throws Exception {
        return switch ((int) events.sequence(value)) {
            case 100 -> throw new NoSuchMethodError("no such method");
            case 101 -> new byte[TOO_LARGE];
            case 102 -> throw new AssertionError("not as expected");
            case 300 -> {
                Thread.sleep(Long.MAX_VALUE);
                yield value;
            }
            case 103, 104, 105, 400 -> {
                System.exit(0);
                yield value;
            }
            default -> enrichment.apply(value);
        };
    }
}
