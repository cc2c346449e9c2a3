package io.turboqueue.cli.support;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Waits between two frames of a screen that is shown again and again, until somebody presses {@code q}. While it is open the
 * terminal hands over each key at once and does not show it; closing, or the end of the process, puts that back.
 */
public final class QuitKey implements Closeable {

    private static final File TERMINAL = new File("/dev/tty");
    private static final long BETWEEN_LOOKS_MILLIS = 50;

    private final InputStream in;
    private final boolean typed;
    private final String before;
    private final Thread atExit = new Thread(this::restore, "turboqueue-terminal");

    private QuitKey(InputStream in, boolean typed, String before) {
        this.in = in;
        this.typed = typed;
        this.before = before;
    }

    /** Looks for keys if a person types, and otherwise only waits. */
    public static QuitKey open(CommandContext context) {
        boolean typed = context.terminal().in();
        QuitKey key = new QuitKey(context.streams().in(), typed, typed ? stty("-g") : "");
        if (!key.before.isEmpty()) {
            Runtime.getRuntime().addShutdownHook(key.atExit);
            stty("-icanon", "-echo", "min", "0", "time", "0");
        }
        return key;
    }

    /** Waits that long, or until the key; true if it was pressed. */
    public boolean pressedWithin(long millis) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (!pressed()) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            Thread.sleep(typed ? Math.min(left, BETWEEN_LOOKS_MILLIS) : left);
        }
        return true;
    }

    private boolean pressed() throws IOException {
        while (typed && in.available() > 0) {
            int key = in.read();
            if (key == 'q' || key == 'Q') {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        if (!before.isEmpty()) {
            restore();
            try {
                Runtime.getRuntime().removeShutdownHook(atExit);
            } catch (IllegalStateException ending) {
                return; // it runs
            }
        }
    }

    private void restore() {
        stty(before);
    }

    /** What it prints; nothing where there is no terminal or no such command, and then keys come after Enter only. */
    private static String stty(String... words) {
        List<String> command = new ArrayList<>(List.of("stty"));
        command.addAll(List.of(words));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(TERMINAL)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return process.waitFor() == 0 ? text.strip() : "";
        } catch (IOException none) {
            return "";
        } catch (InterruptedException enough) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
