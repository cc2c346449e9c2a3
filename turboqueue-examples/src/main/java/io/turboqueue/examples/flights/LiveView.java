package io.turboqueue.examples.flights;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Shows how a run gets on: on a terminal one line that is redrawn, elsewhere a plain line every few seconds. Lines of
 * the log come out above it. Thread-safe.
 */
final class LiveView {

    private static final long PLAIN_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long RATE_WINDOW_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final String BACK_AND_CLEAR = "\r\u001b[K";

    /**
     * Where a run is, in messages.
     *
     * @param total how many there are in all
     * @param depth how many wait in the queue
     */
    record Snapshot(long published, long claimed, long acked, long total, long depth) {}

    /** How many messages were done at a moment. */
    private record Mark(long nanos, long acked) {}

    private final PrintStream out;
    private final int columns;
    private final LongSupplier nanoTime;
    private final Deque<Mark> marks = new ArrayDeque<>();
    private String drawn = "";
    private long lastPlain;

    /**
     * A view on that stream.
     *
     * @param columns how many the terminal has; 0 when the stream is none
     */
    LiveView(PrintStream out, int columns, LongSupplier nanoTime) {
        this.out = out;
        this.columns = columns;
        this.nanoTime = nanoTime;
        this.lastPlain = nanoTime.getAsLong();
    }

    synchronized void show(Snapshot snapshot) {
        long now = nanoTime.getAsLong();
        String line = line(snapshot, rate(now, snapshot.acked()));
        if (columns > 0) {
            draw(line);
        } else if (now - lastPlain >= PLAIN_INTERVAL_NANOS) {
            lastPlain = now;
            out.println(line);
        }
    }

    /** Prints a line that stays. */
    synchronized void log(String line) {
        if (columns > 0) {
            out.print(BACK_AND_CLEAR);
        }
        out.println(line);
        if (!drawn.isEmpty()) {
            draw(drawn);
        }
    }

    /** Removes the line that is redrawn. */
    synchronized void end() {
        if (!drawn.isEmpty()) {
            out.print(BACK_AND_CLEAR);
            out.flush();
            drawn = "";
        }
    }

    private void draw(String line) {
        // One column stays free: a terminal may wrap when the last one is written to.
        drawn = line.length() < columns ? line : line.substring(0, columns - 1);
        out.print(BACK_AND_CLEAR + drawn);
        out.flush();
    }

    /** Messages per second over the last few seconds. */
    private double rate(long now, long acked) {
        marks.addLast(new Mark(now, acked));
        while (marks.size() > 2 && now - marks.getFirst().nanos() > RATE_WINDOW_NANOS) {
            marks.removeFirst();
        }
        Mark oldest = marks.getFirst();
        return now == oldest.nanos() ? 0 : (acked - oldest.acked()) * 1e9 / (now - oldest.nanos());
    }

    private static String line(Snapshot now, double rate) {
        return String.format(
                Locale.ROOT,
                "published %,d  claimed %,d  acked %,d of %,d  depth %,d  %,.0f/s  %s",
                now.published(),
                now.claimed(),
                now.acked(),
                now.total(),
                now.depth(),
                rate,
                timeLeft(Math.max(0, now.total() - now.acked()), rate));
    }

    private static String timeLeft(long messages, double rate) {
        if (messages == 0) {
            return "done";
        }
        if (rate < 1) {
            return "time left unknown";
        }
        Duration left = Duration.ofSeconds((long) Math.ceil(messages / rate));
        return left.toHours() > 0
                ? String.format(Locale.ROOT, "%d h %02d min left", left.toHours(), left.toMinutesPart())
                : left.toMinutes() > 0
                        ? String.format(Locale.ROOT, "%d min %02d s left", left.toMinutes(), left.toSecondsPart())
                        : left.toSeconds() + " s left";
    }
}
