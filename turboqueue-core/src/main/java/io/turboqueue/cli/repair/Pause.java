package io.turboqueue.cli.repair;

import io.turboqueue.cli.frame.Exit;
import io.turboqueue.cli.frame.QueueVerb;
import io.turboqueue.directory.BatchMoves;
import io.turboqueue.directory.QueueName;
import picocli.CommandLine.Command;

/** Keeps consumers from claiming. */
@Command(
        name = "pause",
        header = "Keeps consumers from claiming.",
        description =
                "Keeps the consumers of a queue from claiming until 'resume'. They see it within a tenth of a second, later where a "
                        + "listing takes long; what they have claimed they finish. Producers go on. 'stats' shows it.",
        footer = {"  turboqueue pause flights"})
public final class Pause extends QueueVerb {

    @Override
    protected boolean moves() {
        return true;
    }

    @Override
    protected Exit run() throws Exception {
        QueueName queue = queue();
        boolean did = new BatchMoves(disk()).pause(spool().queue(queue));
        line(queue + (did ? " is paused" : " was paused already"));
        return Exit.OK;
    }
}
