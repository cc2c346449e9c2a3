package io.turboqueue.cli.admin;

import io.turboqueue.QueueAdmin;
import io.turboqueue.cli.support.Exit;
import io.turboqueue.inspect.BatchState;
import java.util.EnumSet;
import picocli.CommandLine.Command;

/** Puts held batches back. */
@Command(
        name = "release",
        header = "Puts held batches back.",
        description =
                "Puts held batches back, those named or --all of them: ready, or delayed if they are not due yet.",
        footer = {"  turboqueue release flights --all", "  turboqueue release flights --limit 10"})
public final class Release extends BatchesVerb {

    @Override
    protected Exit run() throws Exception {
        selection().requireNarrowed();
        return apply(find(EnumSet.of(BatchState.HELD)), "released", QueueAdmin::release);
    }
}
