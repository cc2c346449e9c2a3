package io.turboqueue.cli.admin;

import io.turboqueue.Spool;
import io.turboqueue.cli.support.CommandException;
import io.turboqueue.cli.support.Exit;
import io.turboqueue.cli.support.Verb;
import io.turboqueue.cli.text.Units;
import io.turboqueue.inspect.OwnerInfo;
import io.turboqueue.inspect.OwnerInfo.Status;
import io.turboqueue.inspect.RecoveryResult;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Recovers what dead processes left, now. */
@Command(
        name = "recover",
        header = "Gives back what dead processes had claimed.",
        description =
                "Gives back what dead processes had claimed, now, as any process at work does every delivery.recoveryInterval: "
                        + "their batches become ready with one more attempt, or dead letters at the limit; half-filled ones are deleted.",
        footer = {"  turboqueue recover --dry-run", "  turboqueue recover"})
public final class Recover extends Verb {

    private static final long BETWEEN_LOOKS_MILLIS = 500;

    /** Twice the time for which an owner that cannot be seen must show no life. */
    private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(10);

    @Option(names = "--dry-run", description = "Only show what would be done.")
    private boolean dryRun;

    @Override
    protected boolean moves() {
        return true;
    }

    @Override
    protected Exit run() throws Exception {
        List<OwnerInfo> doubtful = owners(Status.DEAD, Status.IN_QUESTION);
        if (dryRun) {
            for (OwnerInfo owner : doubtful) {
                line("would be recovered" + (owner.isDead() ? "" : " if a second look finds it dead") + ": "
                        + owner.label() + ", "
                        + Units.count(owner.claims().size(), "batch") + " claimed, "
                        + owner.holdings().filling().size() + " half-filled");
            }
        }
        if (doubtful.isEmpty()) {
            line("no dead process has left anything");
        } else if (!dryRun) {
            recover();
        }
        noteSilent();
        return dryRun || owners(Status.DEAD).isEmpty() ? Exit.OK : Exit.FAILED;
    }

    private List<OwnerInfo> owners(Status... which) throws IOException, CommandException {
        return scan().owners().stream()
                .filter(owner -> List.of(which).contains(owner.status()))
                .toList();
    }

    /** Owners that cannot be seen from here are looked at again when that can tell. */
    private void recover() throws Exception {
        RecoveryResult result = RecoveryResult.NONE;
        try (Spool spool = openSpool()) {
            long start = System.nanoTime();
            result = result.plus(spool.recover());
            while (!owners(Status.IN_QUESTION).isEmpty() && System.nanoTime() - start < MAX_NANOS) {
                Thread.sleep(BETWEEN_LOOKS_MILLIS);
                result = result.plus(spool.recover());
            }
        }
        line("recovered: " + Units.count(result.owners(), "owner") + "; ready again: "
                + Units.count(result.requeued(), "batch") + "; dead letters now: " + result.deadLettered()
                + "; half-filled and deleted: " + result.deleted());
        for (OwnerInfo left : owners(Status.DEAD)) {
            note(left.label() + " could not be recovered; another process may be at it, or it holds foreign files");
        }
    }

    private void noteSilent() throws IOException, CommandException {
        for (OwnerInfo owner : owners(Status.SILENT)) {
            note(owner.label() + " is in question: process " + owner.pid()
                    + " is there, but does not hold its lock; taken for dead if that lasts for 10 minutes");
        }
    }
}
