package io.turboqueue.cli.admin;

import io.turboqueue.CorruptBatchException;
import io.turboqueue.Spool;
import io.turboqueue.batch.Damage;
import io.turboqueue.cli.support.BatchFile;
import io.turboqueue.cli.support.BatchVerb;
import io.turboqueue.cli.support.CommandException;
import io.turboqueue.cli.support.Exit;
import io.turboqueue.cli.support.Shutdown;
import io.turboqueue.cli.text.Units;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.scan.BatchEntry;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Saves what can be saved of a damaged batch. */
@Command(
        name = "salvage",
        header = "Saves what can be read of a damaged batch.",
        description =
                "Publishes the rows of a damaged batch that can still be read as a new, ready batch. The damaged file is kept, its "
                        + "reason in dead/ becomes REASON-salvaged. Where bits were flipped a message may read well and still be wrong.",
        footer = {"  turboqueue salvage 0000002a", "  turboqueue salvage /tmp/half.db --to flights"})
public final class Salvage extends BatchVerb {

    private static final String SALVAGED = "-salvaged";

    @Parameters(paramLabel = "BATCH", description = "An id, the first or last characters of one, or a file's path.")
    private String batch = "";

    @Option(
            names = "--to",
            paramLabel = "QUEUE",
            description = "The queue for what is saved; the batch's own by default.")
    @Nullable
    private String to;

    @Option(names = "--again", description = "Although it was salvaged before, which makes duplicates.")
    private boolean again;

    @Override
    protected boolean moves() {
        return true;
    }

    @Override
    protected Exit run() throws Exception {
        BatchFile file = file(batch);
        BatchEntry entry = file.entry();
        String queue = to != null
                ? queueName(to).text()
                : entry == null ? null : entry.queue().text();
        if (queue == null) {
            throw new CommandException(
                    Exit.USAGE, "say with --to in which queue the messages of a file of no queue go");
        }
        if (entry != null) {
            requireDead(entry);
        }
        try (Shutdown shutdown = Shutdown.patient();
                Spool spool = openSpool()) {
            shutdown.onStop(() -> {}); // it takes a moment, and is waited for
            int saved = spool.admin(queue).salvage(file.path());
            report(file, saved, queue);
            return saved == 0 ? Exit.DAMAGE : Exit.OK;
        } catch (CorruptBatchException hopeless) {
            throw new CommandException(Exit.DAMAGE, hopeless.getMessage() + "; nothing can be saved, the file is kept");
        }
    }

    private void requireDead(BatchEntry entry) throws CommandException {
        if (entry.state() != BatchState.DEAD) {
            throw new CommandException(
                    Exit.USAGE,
                    "batch " + entry.name().id() + " is " + entry.state().word() + ", not set aside as damaged");
        }
        if (!again && isSalvaged(entry)) {
            throw new CommandException(
                    Exit.FAILED,
                    "batch " + entry.name().id() + " was salvaged before; --again makes duplicates of its messages");
        }
        if (!again && !isDamaged(entry)) {
            throw new CommandException(
                    Exit.FAILED,
                    "batch " + entry.name().id() + " is dead for \"" + entry.note()
                            + "\", not for damage: 'turboqueue redrive' is for it, or --again");
        }
    }

    /** Whether it was salvaged already. */
    static boolean isSalvaged(BatchEntry entry) {
        return String.valueOf(entry.note()).endsWith(SALVAGED);
    }

    /** Whether it was set aside for damage. */
    static boolean isDamaged(BatchEntry entry) {
        return Arrays.stream(Damage.values()).anyMatch(damage -> damage.reason().equals(entry.note()));
    }

    private void report(BatchFile file, int saved, String queue) throws IOException {
        long expected = file.name() == null || file.name().contents() == null
                ? -1
                : file.name().contents().rows();
        line("saved: " + (expected < 0 ? "" : Units.count(saved) + " of ")
                + Units.count(expected < 0 ? saved : expected, "message") + " into " + queue
                + "; the damaged file is kept");
    }
}
