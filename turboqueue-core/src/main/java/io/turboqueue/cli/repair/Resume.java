package io.turboqueue.cli.repair;

import io.turboqueue.cli.frame.Exit;
import io.turboqueue.cli.frame.QueueVerb;
import io.turboqueue.directory.BatchMoves;
import io.turboqueue.directory.QueueName;
import picocli.CommandLine.Command;

/** Lets consumers claim again. */
@Command(
        name = "resume",
        header = "Lets consumers claim again.",
        description = "Lets the consumers of a paused queue claim again; they see it within a second.",
        footer = {"  turboqueue resume flights"})
public final class Resume extends QueueVerb {

    @Override
    protected boolean moves() {
        return true;
    }

    @Override
    protected Exit run() throws Exception {
        QueueName queue = queue();
        boolean did = new BatchMoves(disk()).resume(spool().queue(queue));
        line(queue + (did ? " goes on" : " was not paused"));
        return Exit.OK;
    }
}
