package io.turboqueue.cli.admin;

import io.turboqueue.Spool;
import io.turboqueue.cli.support.Exit;
import io.turboqueue.cli.support.QueueVerb;
import io.turboqueue.layout.QueueName;
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
        boolean did;
        try (Spool spool = openSpool()) {
            did = spool.admin(queue.text()).resume();
        }
        line(queue + (did ? " goes on" : " was not paused"));
        return Exit.OK;
    }
}
