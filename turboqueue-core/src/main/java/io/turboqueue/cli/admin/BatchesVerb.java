package io.turboqueue.cli.admin;

import io.turboqueue.QueueAdmin;
import io.turboqueue.Spool;
import io.turboqueue.cli.support.CommandException;
import io.turboqueue.cli.support.Exit;
import io.turboqueue.cli.support.Verb;
import io.turboqueue.cli.text.Units;
import io.turboqueue.inspect.BatchChanges;
import io.turboqueue.inspect.BatchFilter;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.QueueName;
import io.turboqueue.scan.BatchEntry;
import io.turboqueue.text.Printable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A verb that does the same to some batches of a queue, one after the other. */
abstract class BatchesVerb extends Verb {

    private static final int MAX_FAILURES_SHOWN = 10;

    @Mixin
    private BatchSelection selection = new BatchSelection();

    @Option(names = "--dry-run", description = "Only show what would be done.")
    private boolean dryRun;

    /** What is done to the batches that were found. */
    interface Change {
        BatchChanges apply(QueueAdmin queue, BatchFilter found) throws IOException;
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
    final Exit apply(List<BatchEntry> entries, String did, Change change) throws IOException, CommandException {
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
        BatchChanges changes = changed(entries, change);
        line(did + ": " + Units.count(changes.batches(), "batch") + ", " + Units.count(changes.messages(), "message")
                + " of " + queue());
        long elsewhere = entries.size() - changes.batches() - changes.failures().size();
        if (elsewhere > 0) {
            note(elsewhere + " were claimed or moved meanwhile");
        }
        if (!changes.failures().isEmpty()) {
            noteFailures(changes.failures());
            note(changes.failures().size() + " could not be " + did);
            return Exit.FAILED;
        }
        return changes.batches() == 0 ? Exit.NOTHING : Exit.OK;
    }

    private BatchChanges changed(List<BatchEntry> entries, Change change) throws IOException, CommandException {
        BatchFilter found = BatchFilter.all()
                .states(entries.stream().map(BatchEntry::state).collect(Collectors.toSet()))
                .ids(entries.stream().map(entry -> entry.name().id()).toList());
        try (Spool spool = openSpool()) {
            return change.apply(spool.admin(queue().text()), found);
        }
    }

    private void noteFailures(Map<String, IOException> failures) {
        failures.entrySet().stream()
                .limit(MAX_FAILURES_SHOWN)
                .forEach(failure -> note(failure.getKey() + ": "
                        + Printable.of(failure.getValue().toString())));
    }
}
