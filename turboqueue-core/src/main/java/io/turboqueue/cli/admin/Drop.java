package io.turboqueue.cli.admin;

import io.turboqueue.cli.support.CommandException;
import io.turboqueue.cli.support.Exit;
import io.turboqueue.cli.support.QueueVerb;
import io.turboqueue.cli.text.Units;
import io.turboqueue.disk.FileStatus;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.QueueFolder;
import io.turboqueue.layout.QueueName;
import io.turboqueue.protocol.BatchMoves;
import io.turboqueue.scan.BatchEntry;
import io.turboqueue.scan.OwnerStats;
import io.turboqueue.scan.SpoolScan;
import io.turboqueue.text.Printable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

    private static final Set<BatchState> RESTING = EnumSet.complementOf(EnumSet.of(BatchState.CLAIMED));

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
        int claimed = scan().batches(queue, BatchState.CLAIMED).size();
        if (claimed > 0) {
            throw new CommandException(
                    Exit.FAILED,
                    Units.count(claimed, "batch") + " of " + queue
                            + " claimed: stop its consumers, or run 'turboqueue recover' if they are dead");
        }
        requireNoStranger(queue);
        requireNoneLoading(queue);
        List<BatchEntry> entries = resting(queue);
        String what = "queue " + queue + " with " + Units.count(entries.size(), "batch");
        if (dryRun) {
            line("would be deleted: " + what);
            return Exit.OK;
        }
        consent.require("delete " + what);
        delete(queue, entries);
        line("deleted: " + what);
        return Exit.OK;
    }

    /** Looked for before anything is deleted. */
    private void requireNoStranger(QueueName queue) throws IOException, CommandException {
        List<String> strangers = new ArrayList<>();
        List<BatchEntry> batches = new ArrayList<>();
        new BatchMoves(disk()).stranger(spool().queue(queue)).ifPresent(strangers::add);
        scan().visit(List.of(queue), RESTING, new SpoolScan.Visitor() {
            @Override
            public void batch(BatchEntry entry) {
                batches.add(entry);
            }

            @Override
            public void foreign(QueueName at, BatchState state, String file) {
                strangers.add(state.word() + "/" + file);
            }
        });
        for (BatchEntry entry : batches) {
            FileStatus found = disk().status(entry.path());
            if (found != null && !found.isFile()) {
                strangers.add(entry.state().word() + "/" + entry.fileName());
            }
        }
        if (!strangers.isEmpty()) {
            throw new CommandException(
                    Exit.FAILED,
                    "the folder of " + queue + " holds \"" + Printable.of(strangers.get(0))
                            + "\", which is not the queue's; nothing was deleted");
        }
    }

    private void requireNoneLoading(QueueName queue) throws IOException, CommandException {
        for (OwnerStats owner : scan().owners()) {
            if (!owner.dead() && owner.loading().contains(queue)) {
                throw new CommandException(
                        Exit.FAILED,
                        "process " + owner.pid() + " is filling a batch for " + queue + ": stop its producers first");
            }
        }
    }

    private List<BatchEntry> resting(QueueName queue) throws IOException, CommandException {
        List<BatchEntry> entries = new ArrayList<>();
        scan().visit(List.of(queue), RESTING, entries::add);
        return entries;
    }

    private void delete(QueueName queue, List<BatchEntry> entries) throws IOException, CommandException {
        BatchMoves rearrangement = new BatchMoves(disk());
        QueueFolder folder = spool().queue(queue);
        for (BatchEntry entry : entries) {
            rearrangement.delete(entry.path());
        }
        Optional<String> rest = rearrangement.removeQueue(folder);
        if (rest.isPresent()) {
            throw new CommandException(
                    Exit.FAILED,
                    "the batches of " + queue + " are deleted, but its folder holds \"" + rest.get()
                            + "\": it is still in use, or that is not the queue's");
        }
    }
}
