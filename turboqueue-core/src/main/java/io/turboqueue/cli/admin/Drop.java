package io.turboqueue.cli.admin;

import io.turboqueue.QueueAdmin;
import io.turboqueue.Spool;
import io.turboqueue.cli.support.CommandException;
import io.turboqueue.cli.support.Exit;
import io.turboqueue.cli.support.QueueVerb;
import io.turboqueue.cli.text.Units;
import io.turboqueue.layout.QueueName;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Deletes a queue. */
@Command(
        name = "drop",
        header = "Deletes a queue.",
        description =
                "Deletes a queue for good: its batches in all states, its settings, its folder. Refused while a process has batches "
                        + "of it claimed, and if there are files in it that are not the queue's. Stop its producers first: what they have buffered would be lost.",
        footer = {"  turboqueue drop flights --dry-run", "  turboqueue drop flights --yes"})
public final class Drop extends QueueVerb {

    @Option(names = "--dry-run", description = "Only show what would be done.")
    private boolean dryRun;

    @Mixin
    private ConfirmOption consent = new ConfirmOption();

    @Override
    protected boolean moves() {
        return true;
    }

    @Override
    protected Exit run() throws Exception {
        QueueName queue = queue();
        try (Spool spool = openSpool()) {
            QueueAdmin admin = spool.admin(queue.text());
            String what = "queue " + queue + " with " + Units.count(checked(admin::checkDrop), "batch");
            if (dryRun) {
                line("would be deleted: " + what);
                return Exit.OK;
            }
            consent.require("delete " + what);
            checked(admin::drop);
            line("deleted: " + what);
            return Exit.OK;
        }
    }

    private interface Step {
        long run() throws IOException;
    }

    /** Why it cannot be done is a sentence for the user. */
    private static long checked(Step step) throws CommandException {
        try {
            return step.run();
        } catch (IOException refused) {
            throw new CommandException(Exit.FAILED, String.valueOf(refused.getMessage()));
        }
    }
}
