package io.turboqueue.cli.frame;

import io.turboqueue.directory.QueueName;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Parameters;

/** A verb about some queues, or all. */
public abstract class QueuesVerb extends Verb {

    @Parameters(paramLabel = "QUEUE", arity = "0..*", description = "Queues; all if none is named.")
    private List<String> names = List.of();

    /** Those named, or all there are just now. */
    protected final List<QueueName> queues() throws IOException, Refusal {
        return names.isEmpty() ? scan().queues() : existing(names);
    }
}
