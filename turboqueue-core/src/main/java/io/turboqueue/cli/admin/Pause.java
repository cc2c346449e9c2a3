package io.turboqueue.cli.admin;

import io.turboqueue.Spool;
import io.turboqueue.cli.support.Exit;
import io.turboqueue.cli.support.QueueVerb;
import io.turboqueue.layout.QueueName;
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
        boolean did;
        try (Spool spool = openSpool()) {
            did = spool.admin(queue.text()).pause();
        }
        line(queue + (did ? " is paused" : " was paused already"));
        return Exit.OK;
    }
}
