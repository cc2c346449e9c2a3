package io.turboqueue.cli.admin;

import io.turboqueue.QueueAdmin;
import io.turboqueue.cli.support.Exit;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.scan.BatchEntry;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Gives dead letters another chance. */
@Command(
        name = "redrive",
        header = "Makes dead letters ready again.",
        description =
                "Makes dead letters ready again with no failures counted: those named, or --all of them. Damaged ones are left "
                        + "where they are unless their reason is named: they would only come back; 'salvage' is for them.",
        footer = {"  turboqueue redrive flights --all", "  turboqueue redrive flights --reason attempts --older-than 1h"
        })
public final class Redrive extends BatchesVerb {

    @Option(names = "--reason", paramLabel = "REASON", description = "Only those with this reason: attempts, say.")
    @Nullable
    private String reason;

    @Override
    protected Exit run() throws Exception {
        if (reason == null) {
            selection().requireNarrowed();
        }
        List<BatchEntry> dead = new ArrayList<>(find(EnumSet.of(BatchState.DEAD)));
        if (reason != null) {
            dead.removeIf(entry -> !reason.equals(entry.note()));
        } else if (!selection().isNamed()) {
            int all = dead.size();
            dead.removeIf(entry -> Salvage.isDamaged(entry) || Salvage.isSalvaged(entry));
            if (dead.size() < all) {
                note((all - dead.size())
                        + " damaged or salvaged ones are left where they are; see 'turboqueue salvage'");
            }
        }
        return apply(dead, "redriven", QueueAdmin::redrive);
    }
}
