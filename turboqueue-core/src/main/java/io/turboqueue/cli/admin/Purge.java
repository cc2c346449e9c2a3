package io.turboqueue.cli.admin;

import io.turboqueue.QueueAdmin;
import io.turboqueue.cli.support.CommandException;
import io.turboqueue.cli.support.Exit;
import io.turboqueue.cli.text.Units;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.scan.BatchEntry;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Deletes batches. */
@Command(
        name = "purge",
        header = "Deletes batches.",
        description = "Deletes batches in one state for good. Those that are claimed are not touched.",
        footer = {
            "  turboqueue purge flights --state dead --older-than 30d --dry-run",
            "  turboqueue purge flights --state ready --all --yes"
        })
public final class Purge extends BatchesVerb {

    @Option(names = "--state", required = true, paramLabel = "STATE", description = "ready, delayed, held or dead.")
    private BatchState state = BatchState.DEAD;

    @Option(names = "--reason", paramLabel = "REASON", description = "Only dead letters with this reason.")
    @Nullable
    private String reason;

    @Mixin
    private ConfirmOption consent = new ConfirmOption();

    @Override
    protected Exit run() throws Exception {
        if (state == BatchState.CLAIMED) {
            throw new CommandException(Exit.USAGE, "claimed batches are their owners', and cannot be purged");
        }
        if (reason == null) {
            selection().requireNarrowed();
        }
        List<BatchEntry> found = find(Set.of(state)).stream()
                .filter(entry -> reason == null || reason.equals(entry.note()))
                .toList();
        if (!dryRun() && !found.isEmpty()) {
            consent.require("delete " + Units.count(found.size(), "batch"));
        }
        return apply(found, "deleted", QueueAdmin::purge);
    }
}
