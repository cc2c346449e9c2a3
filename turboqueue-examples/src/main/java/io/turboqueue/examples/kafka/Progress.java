package io.turboqueue.examples.kafka;

import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process's side of the live table: adds up, and tells five times per second at most, a line on standard output. Good for
 * showing only, since what a killed process had not told yet is missing. For one thread.
 */
final class Progress {

    /** The state of a worker whose batch has killed a process before: one event at a time, each recorded when it is done. */
    static final String CAREFUL = "careful";

    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final Pattern LINE = Pattern.compile(
            "progress received=([0-9]{1,18}) sent=([0-9]{1,18}) recognised=([0-9]{1,18}) failed=([0-9]{1,18}) (\\w+)");

    /**
     * What happened since it was last told.
     *
     * @param received events taken in
     * @param sent events passed on
     * @param recognised events not passed on, since they had been before
     * @param failed events set aside, to be retried or as dead letters
     * @param state what the process is doing, in a word
     */
    record Told(long received, long sent, long recognised, long failed, String state) {

        static final Told NOTHING = new Told(0, 0, 0, 0, "starting");

        Told plus(Told later) {
            return new Told(
                    received + later.received,
                    sent + later.sent,
                    recognised + later.recognised,
                    failed + later.failed,
                    later.state);
        }

        /** The same counts in another state. */
        Told in(String other) {
            return new Told(received, sent, recognised, failed, other);
        }

        String format() {
            return "progress received=" + received + " sent=" + sent + " recognised=" + recognised + " failed=" + failed
                    + " " + state;
        }

        /** Empty for any other line. */
        static Optional<Told> parse(String line) {
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                return Optional.empty();
            }
            return Optional.of(new Told(
                    Long.parseLong(matcher.group(1)),
                    Long.parseLong(matcher.group(2)),
                    Long.parseLong(matcher.group(3)),
                    Long.parseLong(matcher.group(4)),
                    matcher.group(5)));
        }
    }

    private final PrintStream out;
    private Told untold = Told.NOTHING;
    private boolean proven;
    private String state = "running";
    private long lastTold = System.nanoTime() - INTERVAL_NANOS;

    Progress(PrintStream out) {
        this.out = out;
    }

    void received(long events) {
        add(new Told(events, 0, 0, 0, state));
    }

    /** The first is reported at once: it proves that this process can do its work. */
    void sent(long events) {
        add(new Told(0, events, 0, 0, state));
        if (!proven && events > 0) {
            proven = true;
            tell();
        }
    }

    void recognised(long events) {
        add(new Told(0, 0, events, 0, state));
    }

    void failed(long events) {
        add(new Told(0, 0, 0, events, state));
    }

    /** A word for the table: {@code running}, {@code paused}. */
    void state(String word) {
        if (!state.equals(word)) {
            state = word;
            tell();
        }
    }

    private void add(Told more) {
        untold = untold.plus(more);
        tellNowAndThen();
    }

    void tellNowAndThen() {
        if (System.nanoTime() - lastTold >= INTERVAL_NANOS) {
            tell();
        }
    }

    /** Tells what it has, now. */
    void tell() {
        out.println(untold.plus(new Told(0, 0, 0, 0, state)).format());
        out.flush();
        untold = Told.NOTHING;
        lastTold = System.nanoTime();
    }
}
