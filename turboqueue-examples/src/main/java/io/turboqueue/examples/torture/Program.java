package io.turboqueue.examples.torture;

import java.time.Duration;
import java.util.List;

/**
 * What processes run.
 *
 * @param main the main class; it gets an {@link Assignment}
 * @param arguments what it gets before that
 * @param patience how long to wait at the end until everything is consumed and cleared away
 */
record Program(Class<?> main, List<String> arguments, Duration patience) {

    private static final Duration LONG = Duration.ofMinutes(2);

    static final Program USUAL = new Program(TortureProcess.class, List.of(), LONG);

    static Program halting(HaltingDisk.Target target) {
        return new Program(TortureProcess.class, List.of(target.text()), LONG);
    }
}
