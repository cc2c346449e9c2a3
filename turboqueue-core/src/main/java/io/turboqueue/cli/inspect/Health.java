package io.turboqueue.cli.inspect;

import io.turboqueue.cli.support.CommandException;
import io.turboqueue.cli.support.CountOption;
import io.turboqueue.cli.support.Exit;
import io.turboqueue.cli.support.Format;
import io.turboqueue.cli.support.QueuesVerb;
import io.turboqueue.cli.support.TimeOption;
import io.turboqueue.cli.text.Json;
import io.turboqueue.cli.text.Units;
import io.turboqueue.config.Setting;
import io.turboqueue.config.Settings;
import io.turboqueue.disk.FileStatus;
import io.turboqueue.inspect.OwnerInfo;
import io.turboqueue.inspect.QueueStats;
import io.turboqueue.inspect.SpoolSnapshot;
import io.turboqueue.layout.QueueName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A grade, for probes. */
@Command(
        name = "health",
        header = "Grades the queues, for probes.",
        description =
                "Tells in a line whether all is well: ok, warning or critical, and why. Ends with 1 if it is critical, so that a "
                        + "probe can use it. Tries the disk: creates, writes, syncs, renames and deletes a file of its own below "
                        + "owners/; if it is killed meanwhile, the next process at work removes what is left. Critical: that fails, "
                        + "limits given here are exceeded, or the disk is nearly full (one percent left). Warning: dead "
                        + "letters, a folder that other users may write to, a full or paused queue, a symbolic link in a queue's place, work left behind by dead processes, ignored files, a disk with five percent left.",
        footer = {
            "  turboqueue health",
            "  turboqueue health flights --max-age 10m --max-ready 5000 --max-dead 0 --strict"
        })
public final class Health extends QueuesVerb {

    private static final int PATIENCE = 3;

    @Option(
            names = "--max-ready",
            converter = CountOption.class,
            paramLabel = "N",
            description = "More ready batches are critical.")
    private long maxReady = Long.MAX_VALUE;

    @Option(
            names = "--max-dead",
            converter = CountOption.class,
            paramLabel = "N",
            description = "More dead batches are critical.")
    private long maxDead = Long.MAX_VALUE;

    @Option(
            names = "--max-age",
            paramLabel = "TIME",
            converter = TimeOption.class,
            description = "A ready batch that waits longer is critical.")
    @Nullable
    private Duration maxAge;

    @Option(names = "--strict", description = "End with 1 for a warning too.")
    private boolean strict;

    @Mixin
    private Format format = new Format();

    private final List<Finding> links = new ArrayList<>();

    @Override
    protected void leftOut(QueueName queue, String why) {
        links.add(Finding.warning(queue.text(), why));
    }

    @Override
    protected Exit run() throws Exception {
        SpoolSnapshot snapshot =
                inspector().snapshot(queues().stream().map(QueueName::text).toList());
        List<Finding> findings = new ArrayList<>();
        for (var queue : snapshot.queues().entrySet()) {
            findings.addAll(queue(new QueueName(queue.getKey()), queue.getValue()));
        }
        snapshot.unreadable()
                .forEach((queue, why) -> findings.add(Finding.critical(queue, "cannot be looked at: " + why)));
        findings.addAll(links);
        findings.addAll(openFolders(snapshot.queues().keySet()));
        findings.addAll(owners(new SnapshotView(snapshot)));
        findings.addAll(DiskFindings.tried(disk(), spool()));
        Finding.Grade grade = Finding.worst(findings);
        print(grade, findings);
        boolean bad = grade == Finding.Grade.CRITICAL || (strict && grade == Finding.Grade.WARNING);
        return bad ? Exit.FAILED : Exit.OK;
    }

    private List<Finding> queue(QueueName queue, QueueStats stats) throws IOException, CommandException {
        List<Finding> findings = new ArrayList<>();
        String about = queue.text();
        long ready = stats.ready().batches();
        if (ready > maxReady) {
            findings.add(Finding.critical(about, Units.count(ready) + " ready batches, more than " + maxReady));
        }
        addAge(findings, about, stats);
        long dead = stats.dead().batches();
        if (dead > 0) {
            String text = Units.count(dead, "dead batch");
            findings.add(
                    dead > maxDead
                            ? Finding.critical(about, text + ", more than " + maxDead)
                            : Finding.warning(about, text));
        }
        if (stats.paused()) {
            findings.add(Finding.warning(about, "paused"));
        }
        if (stats.foreign() > 0) {
            findings.add(Finding.warning(about, Units.count(stats.foreign(), "file") + " that the queue ignores"));
        }
        addFull(findings, queue, ready);
        return findings;
    }

    /** Folders that other users may write to, unless the settings trust them. */
    private List<Finding> openFolders(Set<String> queues) throws IOException, CommandException {
        List<Finding> findings = new ArrayList<>();
        addIfOpen(findings, spool().path().toString(), spool().path());
        for (String queue : queues) {
            addIfOpen(findings, queue, spool().queue(new QueueName(queue)).path());
        }
        return findings.isEmpty() || othersAreTrusted() ? List.of() : findings;
    }

    private void addIfOpen(List<Finding> findings, String about, Path folder) throws IOException {
        FileStatus found = disk().status(folder);
        if (found != null && found.isWritableByOthers()) {
            findings.add(Finding.warning(
                    about,
                    "its folder can be written by other users: producers and consumers refuse it; run chmod go-w"));
        }
    }

    private boolean othersAreTrusted() throws IOException, CommandException {
        try {
            return settings(new QueueName("any")).get(Setting.ALLOW_OTHERS, Boolean.class);
        } catch (IllegalArgumentException reportedElsewhere) {
            return false;
        }
    }

    private void addAge(List<Finding> findings, String about, QueueStats stats) {
        Duration limit = maxAge;
        stats.ready().oldest().map(oldest -> Duration.between(oldest, now())).ifPresent(age -> {
            if (limit != null && age.compareTo(limit) > 0) {
                findings.add(Finding.critical(
                        about,
                        "the oldest ready batch waits for " + Units.age(age) + ", more than " + Units.age(limit)));
            }
        });
    }

    private void addFull(List<Finding> findings, QueueName queue, long ready) throws IOException, CommandException {
        try {
            int most = settings(queue).get(Setting.MAX_READY_BATCHES, Integer.class);
            if (ready >= most) {
                findings.add(Finding.warning(
                        queue.text(), "full: " + Units.count(ready) + " ready batches of " + Units.count(most)));
            }
        } catch (IllegalArgumentException bad) {
            findings.add(Finding.critical(queue.text(), "its settings are wrong: " + bad.getMessage()));
        }
    }

    /** Any process at work recovers dead owners every few seconds; what lies longer has nobody to do it. */
    private List<Finding> owners(SnapshotView view) throws IOException, CommandException {
        List<Finding> findings = new ArrayList<>();
        Duration limit = recoveryInterval().multipliedBy(PATIENCE);
        for (OwnerInfo owner : view.snapshot().owners()) {
            Duration held = view.heldFor(owner);
            if (owner.isDead() && held != null && held.compareTo(limit) > 0) {
                findings.add(Finding.warning(
                        "owner " + owner.label(),
                        "its process is dead and left " + SnapshotView.holdings(owner)
                                + " claimed, and nobody recovered it; run 'turboqueue recover'"));
            }
        }
        return findings;
    }

    private Duration recoveryInterval() throws IOException, CommandException {
        try {
            Settings settings = settings(new QueueName("any"));
            return settings.get(Setting.RECOVERY_INTERVAL, Duration.class);
        } catch (IllegalArgumentException reportedElsewhere) {
            return Duration.ofSeconds(5);
        }
    }

    private void print(Finding.Grade grade, List<Finding> findings) throws IOException {
        if (!format.text()) {
            json().line(Json.object(
                    "grade",
                    grade.word(),
                    "findings",
                    findings.stream().map(Finding::json).toList()));
            return;
        }
        List<String> causes = findings.stream()
                .filter(finding -> finding.grade() != Finding.Grade.OK)
                .sorted((a, b) -> b.grade().compareTo(a.grade()))
                .map(finding -> finding.about() + ": " + finding.text())
                .toList();
        String line = causes.isEmpty() ? grade.word() : grade.word() + ": " + String.join("; ", causes);
        for (String part : screenLines(line)) {
            line(
                    switch (grade) {
                        case OK -> paint().good(part);
                        case WARNING -> paint().warning(part);
                        case CRITICAL -> paint().bad(part);
                    });
        }
    }
}
