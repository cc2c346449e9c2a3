package io.turboqueue.cli.repair;

import io.turboqueue.cli.frame.Exit;
import io.turboqueue.cli.frame.Refusal;
import io.turboqueue.cli.frame.Verb;
import io.turboqueue.cli.text.Units;
import io.turboqueue.config.Setting;
import io.turboqueue.directory.ClaimReturns;
import io.turboqueue.directory.DeskClearing;
import io.turboqueue.directory.QueueName;
import io.turboqueue.inspect.DeskStats;
import io.turboqueue.waiting.NanoClock;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Clears dead desks now. */
@Command(
        name = "recover",
        header = "Gives back what dead processes had claimed.",
        description =
                "Gives back what dead processes had claimed, now, as any process at work does every delivery.recoveryInterval: "
                        + "their batches become ready with one more attempt, or dead letters at the limit; half-filled ones are deleted.",
        footer = {"  turboqueue recover --dry-run", "  turboqueue recover"})
public final class Recover extends Verb {

    /** A desk without a beacon counts as dead only when it was seen so twice, a second apart. */
    private static final long BETWEEN_LOOKS_MILLIS = 1100;

    @Option(names = "--dry-run", description = "Only show what would be done.")
    private boolean dryRun;

    @Override
    protected Exit run() throws Exception {
        List<DeskStats> dead = dead();
        if (dead.isEmpty()) {
            line("no desk of a dead process");
            return Exit.OK;
        }
        if (dryRun) {
            for (DeskStats desk : dead) {
                line("would be cleared: desk " + desk.name() + ", "
                        + Units.count(desk.claims().size(), "batch") + " claimed, "
                        + desk.loading().size() + " half-filled");
            }
            return Exit.OK;
        }
        return clear();
    }

    private List<DeskStats> dead() throws IOException, Refusal {
        return scan().desks().stream().filter(desk -> desk.dead()).toList();
    }

    private Exit clear() throws Exception {
        ClaimReturns returns = new ClaimReturns(disk(), spool(), this::maxAttempts);
        DeskClearing clearing = new DeskClearing(disk(), spool(), returns, NanoClock.SYSTEM);
        DeskClearing.Result result = clearing.runOnce();
        if (!dead().isEmpty()) {
            Thread.sleep(BETWEEN_LOOKS_MILLIS);
            result = result.plus(clearing.runOnce());
        }
        line("cleared: " + Units.count(result.desks(), "desk") + "; ready again: "
                + Units.count(result.returned(), "batch") + "; dead letters now: " + result.dead()
                + "; half-filled and deleted: " + result.deleted());
        List<DeskStats> left = dead();
        for (DeskStats desk : left) {
            note("desk " + desk.name()
                    + " could not be cleared; another process may be at it, or it holds foreign files");
        }
        return left.isEmpty() ? Exit.OK : Exit.FAILED;
    }

    /** Without readable settings nothing is given up for dead. */
    private int maxAttempts(QueueName queue) {
        try {
            return settings(queue).get(Setting.MAX_ATTEMPTS, Integer.class);
        } catch (IOException | Refusal | IllegalArgumentException unreadable) {
            note("the settings of queue " + queue + " cannot be read, so its attempts are not limited now: "
                    + unreadable.getMessage());
            return Integer.MAX_VALUE;
        }
    }
}
