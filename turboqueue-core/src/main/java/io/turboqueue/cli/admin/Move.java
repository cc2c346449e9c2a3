package io.turboqueue.cli.admin;

import io.turboqueue.cli.support.CommandException;
import io.turboqueue.cli.support.Exit;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.QueueName;
import java.util.EnumSet;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Hands batches to another queue. */
@Command(
        name = "move",
        header = "Hands batches to another queue.",
        description = "Hands batches to another queue of the spool, each in the state it is in, by one rename.",
        footer = {
            "  turboqueue move flights --to flights.slow --older-than 1h",
            "  turboqueue move flights 0000002a --to mails"
        })
public final class Move extends BatchesVerb {

    @Option(names = "--to", required = true, paramLabel = "QUEUE", description = "The other queue; it need not exist.")
    private String to = "";

    @Option(
            names = "--state",
            split = ",",
            paramLabel = "STATE",
            description = "These states instead of ready: delayed, held, dead.")
    private Set<BatchState> states = EnumSet.of(BatchState.READY);

    @Override
    protected Exit run() throws Exception {
        selection().requireNarrowed();
        if (states.contains(BatchState.CLAIMED)) {
            throw new CommandException(Exit.USAGE, "claimed batches are their owners', and cannot be moved");
        }
        QueueName target = queueName(to);
        if (target.equals(queue())) {
            throw new CommandException(Exit.USAGE, "queue " + target + " is where they are already");
        }
        return apply(find(states), "moved to " + target, (queue, found) -> queue.moveTo(target.text(), found));
    }
}
