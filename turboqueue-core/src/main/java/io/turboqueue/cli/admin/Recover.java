package io.turboqueue.cli.admin;

import io.turboqueue.cli.support.CommandException;
import io.turboqueue.cli.support.Exit;
import io.turboqueue.cli.support.Verb;
import io.turboqueue.cli.text.Units;
import io.turboqueue.config.Setting;
import io.turboqueue.layout.QueueName;
import io.turboqueue.owner.ClaimRequeue;
import io.turboqueue.owner.OwnerRecovery;
import io.turboqueue.owner.ProcFolder;
import io.turboqueue.scan.OwnerStats;
import io.turboqueue.scan.OwnerStats.Owner;
import io.turboqueue.time.NanoClock;
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
        List<OwnerStats> doubtful = owners(Owner.DEAD, Owner.IN_QUESTION);
        if (dryRun) {
            for (OwnerStats owner : doubtful) {
                line("would be recovered" + (owner.dead() ? "" : " if a second look finds it dead") + ": "
                        + owner.name().label() + ", "
                        + Units.count(owner.claims().size(), "batch") + " claimed, "
                        + owner.loading().size() + " half-filled");
            }
        }
        if (doubtful.isEmpty()) {
            line("no dead process has left anything");
        } else if (!dryRun) {
            recover();
        }
        noteSilent();
        return dryRun || owners(Owner.DEAD).isEmpty() ? Exit.OK : Exit.FAILED;
    }

    private List<OwnerStats> owners(Owner... which) throws IOException, CommandException {
        return scan().owners().stream()
                .filter(owner -> List.of(which).contains(owner.owner()))
                .toList();
    }

    /** Owners that cannot be seen from here are looked at again when that can tell. */
    private void recover() throws Exception {
        ClaimRequeue returns = new ClaimRequeue(disk(), spool(), this::maxAttempts);
        OwnerRecovery recovery = new OwnerRecovery(disk(), spool(), returns, ProcFolder.SYSTEM, NanoClock.SYSTEM);
        long start = System.nanoTime();
        OwnerRecovery.Result result = recovery.runOnce();
        while (!owners(Owner.IN_QUESTION).isEmpty() && System.nanoTime() - start < MAX_NANOS) {
            Thread.sleep(BETWEEN_LOOKS_MILLIS);
            result = result.plus(recovery.runOnce());
        }
        line("recovered: " + Units.count(result.owners(), "owner") + "; ready again: "
                + Units.count(result.returned(), "batch") + "; dead letters now: " + result.dead()
                + "; half-filled and deleted: " + result.deleted());
        for (OwnerStats left : owners(Owner.DEAD)) {
            note(left.name().label()
                    + " could not be recovered; another process may be at it, or it holds foreign files");
        }
    }

    private void noteSilent() throws IOException, CommandException {
        for (OwnerStats owner : owners(Owner.SILENT)) {
            note(owner.name().label() + " is in question: process " + owner.pid()
                    + " is there, but does not hold its lock; taken for dead if that lasts for 10 minutes");
        }
    }

    /** Without readable settings nothing is given up for dead. */
    private int maxAttempts(QueueName queue) {
        try {
            return settings(queue).get(Setting.MAX_ATTEMPTS, Integer.class);
        } catch (IOException | CommandException | IllegalArgumentException unreadable) {
            note("the settings of queue " + queue + " cannot be read, so its attempts are not limited now: "
                    + unreadable.getMessage());
            return Integer.MAX_VALUE;
        }
    }
}
