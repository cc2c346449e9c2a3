package io.turboqueue.examples.torture;

import java.util.List;

/**
 * What processes run.
 *
 * @param main the main class; it gets an {@link Assignment}
 * @param arguments what it gets before that
 */
record Program(Class<?> main, List<String> arguments) {

    static final Program USUAL = new Program(TortureProcess.class, List.of());

    static Program halting(HaltingDisk.Target target) {
        return new Program(TortureProcess.class, List.of(target.text()));
    }
}
