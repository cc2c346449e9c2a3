package io.turboqueue.cli.support;

import io.turboqueue.cli.text.Units;
import java.io.Closeable;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import me.tongfei.progressbar.ProgressState;
import org.jspecify.annotations.Nullable;

/** Shows on a terminal how far something long has come; elsewhere nothing. Thread-safe. */
public final class Progress implements Closeable {

    private static final int REDRAW_MILLIS = 200;

    private final @Nullable ProgressBar bar;

    private Progress(@Nullable ProgressBar bar) {
        this.bar = bar;
    }

    /** Shows nothing. */
    public static Progress none() {
        return new Progress(null);
    }

    /**
     * Starts at nothing.
     *
     * @param task what is done, in a word
     * @param unit what is counted, such as {@code " batches"}
     * @param total how many there are, -1 if that is not known
     */
    public static Progress start(CommandContext context, String task, String unit, long total) {
        if (!context.terminal().err()) {
            return none();
        }
        int columns = context.terminal().columns();
        ProgressBarBuilder builder = new ProgressBarBuilder()
                .setTaskName(task)
                .setUnit(unit, 1)
                .setInitialMax(total)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(REDRAW_MILLIS)
                .showSpeed()
                .clearDisplayOnFinish()
                .setConsumer(new ConsoleProgressBarConsumer(context.streams().err(), columns));
        if (total < 0) {
            builder.setRenderer((state, width) -> counted(state, unit));
        }
        return new Progress(builder.build());
    }

    /** A bar would tell nothing where the end is not known. */
    private static String counted(ProgressState state, String unit) {
        double seconds = Math.max(0.001, state.getElapsedAfterStart().toMillis() / 1000.0);
        return state.getTaskName() + " " + Units.count(state.getCurrent()) + unit + ", "
                + Units.rate(state.getCurrent() / seconds);
    }

    /** That many are done now. */
    public void at(long done) {
        if (bar != null) {
            bar.stepTo(done);
        }
    }

    /** One more is done. */
    public void step() {
        if (bar != null) {
            bar.step();
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
