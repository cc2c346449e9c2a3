package io.turboqueue.cli.repair;

import io.turboqueue.cli.frame.Exit;
import io.turboqueue.cli.frame.Refusal;
import io.turboqueue.cli.frame.Verb;
import io.turboqueue.cli.text.Units;
import io.turboqueue.directory.QueueFolder;
import io.turboqueue.directory.QueueName;
import io.turboqueue.directory.Rearrangement;
import io.turboqueue.inspect.BatchEntry;
import io.turboqueue.inspect.Place;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A verb that does the same to some batches of a queue, one after the other. */
abstract class BatchesVerb extends Verb {

    @Mixin
    private Selection selection = new Selection();

    @Option(names = "--dry-run", description = "Only show what would be done.")
    private boolean dryRun;

    /** One rename or unlink; false if somebody else was first. */
    interface Step {
        boolean apply(QueueFolder queue, BatchEntry entry) throws IOException;
    }

    final Selection selection() {
        return selection;
    }

    final boolean dryRun() {
        return dryRun;
    }

    final Rearrangement rearrangement() {
        return new Rearrangement(disk());
    }

    final QueueName queue() throws IOException, Refusal {
        return queue(selection.queue());
    }

    final List<BatchEntry> find(Set<Place> places) throws IOException, Refusal {
        return selection.find(scan(), queue(), places, now());
    }

    /**
     * Does it to each.
     *
     * @param did what was done, such as {@code held}
     */
    final Exit apply(List<BatchEntry> entries, String did, Step step) throws IOException, Refusal {
        if (entries.isEmpty()) {
            note("no such batch in queue " + queue());
            return Exit.NOTHING;
        }
        if (dryRun) {
            for (BatchEntry entry : entries) {
                line("would be " + did + ": " + entry.queue() + " "
                        + entry.place().word() + " " + entry.name().id());
            }
            return Exit.OK;
        }
        QueueFolder folder = spool().queue(queue());
        long done = 0;
        long messages = 0;
        for (BatchEntry entry : entries) {
            if (step.apply(folder, entry)) {
                done++;
                messages += entry.name().messages();
            }
        }
        line(did + ": " + Units.count(done, "batch") + ", " + Units.count(messages, "message") + " of " + queue());
        if (done < entries.size()) {
            note((entries.size() - done) + " were claimed or moved meanwhile");
        }
        return done == 0 ? Exit.NOTHING : Exit.OK;
    }
}
