package io.turboqueue.examples.flights;

import java.io.PrintStream;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** A worker's side of {@link ProgressLine}: adds up, and tells ten times per second at most. For one thread. */
final class ProgressReport {

    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final PrintStream out;
    private final LongSupplier nanoTime;
    private final Map<Step, Long> untold = new EnumMap<>(Step.class);
    private long lastTold;

    ProgressReport(PrintStream out, LongSupplier nanoTime) {
        this.out = out;
        this.nanoTime = nanoTime;
        this.lastTold = nanoTime.getAsLong() - INTERVAL_NANOS;
    }

    /** Tells that from now on such steps may come. */
    void ready(Step step) {
        out.println(new ProgressLine(step, 0).format());
        out.flush();
    }

    void add(Step step, long messages) {
        untold.merge(step, messages, Long::sum);
        if (nanoTime.getAsLong() - lastTold >= INTERVAL_NANOS) {
            tell();
        }
    }

    /** Tells what it has, now. */
    void tell() {
        untold.forEach((step, messages) -> out.println(new ProgressLine(step, messages).format()));
        out.flush();
        untold.clear();
        lastTold = nanoTime.getAsLong();
    }
}
