package io.turboqueue.cli.admin;

import io.turboqueue.cli.support.CommandException;
import io.turboqueue.cli.support.Exit;
import io.turboqueue.cli.support.Verb;
import io.turboqueue.cli.text.Units;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.QueueFolder;
import io.turboqueue.layout.QueueName;
import io.turboqueue.protocol.BatchMoves;
import io.turboqueue.scan.BatchEntry;
import io.turboqueue.text.Printable;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A verb that does the same to some batches of a queue, one after the other. */
abstract class BatchesVerb extends Verb {

    private static final int MAX_FAILURES_SHOWN = 10;

    @Mixin
    private BatchSelection selection = new BatchSelection();

    @Option(names = "--dry-run", description = "Only show what would be done.")
    private boolean dryRun;

    /** One rename or unlink; false if somebody else was first. */
    interface Step {
        boolean apply(QueueFolder queue, BatchEntry entry) throws IOException;
    }

    @Override
    protected final boolean moves() {
        return true;
    }

    final BatchSelection selection() {
        return selection;
    }

    final boolean dryRun() {
        return dryRun;
    }

    final BatchMoves rearrangement() {
        return new BatchMoves(disk());
    }

    final QueueName queue() throws IOException, CommandException {
        return queue(selection.queue());
    }

    final List<BatchEntry> find(Set<BatchState> states) throws IOException, CommandException {
        return selection.find(scan(), queue(), states, now());
    }

    /** What to say if there is none. */
    private String nothing() {
        return selection.isNamed() ? "no such batch" : "nothing to do";
    }

    /**
     * Does it to each.
     *
     * @param did what was done, such as {@code held}
     */
    final Exit apply(List<BatchEntry> entries, String did, Step step) throws IOException, CommandException {
        if (entries.isEmpty()) {
            note(nothing() + " in queue " + queue());
            return Exit.NOTHING;
        }
        if (dryRun) {
            for (BatchEntry entry : entries) {
                line("would be " + did + ": " + entry.queue() + " "
                        + entry.state().word() + " " + entry.name().id());
            }
            return Exit.OK;
        }
        QueueFolder folder = spool().queue(queue());
        long done = 0;
        long messages = 0;
        long failures = 0;
        for (BatchEntry entry : entries) {
            try {
                if (step.apply(folder, entry)) {
                    done++;
                    messages += entry.name().messages();
                }
            } catch (IOException failed) {
                failures++;
                noteFailure(failures, entry, failed);
            }
        }
        line(did + ": " + Units.count(done, "batch") + ", " + Units.count(messages, "message") + " of " + queue());
        long elsewhere = entries.size() - done - failures;
        if (elsewhere > 0) {
            note(elsewhere + " were claimed or moved meanwhile");
        }
        if (failures > 0) {
            note(failures + " could not be " + did);
            return Exit.FAILED;
        }
        return done == 0 ? Exit.NOTHING : Exit.OK;
    }

    /** One that cannot be handled keeps none of the others from it. */
    private void noteFailure(long failures, BatchEntry entry, IOException failed) {
        if (failures <= MAX_FAILURES_SHOWN) {
            note(entry.name().id() + ": " + Printable.of(failed.toString()));
        }
    }
}
