package io.turboqueue.cli.support;

import io.turboqueue.layout.QueueName;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Parameters;

/** A verb about some queues, or all. */
public abstract class QueuesVerb extends Verb {

    @Parameters(paramLabel = "QUEUE", arity = "0..*", description = "Queues; all if none is named.")
    private List<String> names = List.of();

    private final Set<QueueName> told = new HashSet<>();

    /** Those named, or all there are just now. */
    protected final List<QueueName> queues() throws IOException, CommandException {
        if (!names.isEmpty()) {
            return existing(names);
        }
        for (QueueName link : scan().links()) {
            if (told.add(link)) {
                leftOut(link, spool().queue(link).linkSentence());
            }
        }
        return scan().queues();
    }

    /** Says, once, why a queue is not among {@link #queues} although it was not named. */
    protected void leftOut(QueueName queue, String why) {
        note(why);
    }
}
