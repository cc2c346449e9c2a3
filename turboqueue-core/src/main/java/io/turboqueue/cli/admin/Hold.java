package io.turboqueue.cli.admin;

import io.turboqueue.QueueAdmin;
import io.turboqueue.cli.support.Exit;
import io.turboqueue.inspect.BatchState;
import java.util.EnumSet;
import picocli.CommandLine.Command;

/** Takes batches out of the flow. */
@Command(
        name = "hold",
        header = "Takes batches out of the flow.",
        description =
                "Takes ready and delayed batches out of the flow: nobody claims them until 'release'. Those that are claimed "
                        + "already are not touched.",
        footer = {"  turboqueue hold flights 0000002a", "  turboqueue hold flights --all"})
public final class Hold extends BatchesVerb {

    @Override
    protected Exit run() throws Exception {
        selection().requireNarrowed();
        return apply(find(EnumSet.of(BatchState.READY, BatchState.DELAYED)), "held", QueueAdmin::hold);
    }
}
