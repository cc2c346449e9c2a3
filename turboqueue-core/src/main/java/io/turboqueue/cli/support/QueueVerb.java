package io.turboqueue.cli.support;

import io.turboqueue.layout.QueueName;
import java.io.IOException;
import picocli.CommandLine.Parameters;

/** A verb about one queue, which must be there. */
public abstract class QueueVerb extends Verb {

    @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue.")
    private String name = "";

    /** The queue. */
    protected final QueueName queue() throws IOException, CommandException {
        return queue(name);
    }
}
