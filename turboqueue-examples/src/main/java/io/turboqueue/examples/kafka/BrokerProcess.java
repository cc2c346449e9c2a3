package io.turboqueue.examples.kafka;

import io.turboqueue.examples.StopSignal;
import java.time.Duration;
import java.util.List;

/**
 * A process that runs one of Kafka's own main classes, and ends when the process that started it is gone: Kafka's main classes
 * do not look. Nothing is compiled against the broker, which is there at run time only.
 */
final class BrokerProcess {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private BrokerProcess() {}

    /** Runs {@code MAIN-CLASS ARGUMENT...}. */
    public static void main(String[] args) throws ReflectiveOperationException {
        StopSignal.listenFor(new Thread("no-one-to-wait-for"), PATIENCE);
        List<String> arguments = List.of(args).subList(1, args.length);
        Class.forName(args[0]).getMethod("main", String[].class).invoke(null, (Object)
                arguments.toArray(String[]::new));
    }
}
