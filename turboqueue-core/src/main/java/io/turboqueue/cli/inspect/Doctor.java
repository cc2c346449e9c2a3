package io.turboqueue.cli.inspect;

import io.turboqueue.batch.jdbc.BatchSql;
import io.turboqueue.cli.support.CommandException;
import io.turboqueue.cli.support.Exit;
import io.turboqueue.cli.support.Format;
import io.turboqueue.cli.support.Verb;
import io.turboqueue.cli.text.Column;
import io.turboqueue.cli.text.Column.Style;
import io.turboqueue.cli.text.Table;
import io.turboqueue.cli.text.Units;
import io.turboqueue.disk.Volume;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.inspect.OwnerInfo;
import io.turboqueue.layout.QueueName;
import io.turboqueue.layout.SpoolFolder;
import io.turboqueue.scan.BatchEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The machine, as far as a queue depends on it. */
@Command(
        name = "doctor",
        header = "Examines the machine.",
        description =
                "Looks at what a queue needs of its machine: Java, SQLite, file system, permissions, space, kernel limits, clock, "
                        + "settings. Creates, writes, syncs, renames and deletes a file of its own below owners/, as 'turboqueue health' does; "
                        + "changes nothing else. Ends with 1 if something is critical.",
        footer = {"  turboqueue doctor", "  turboqueue doctor --json"})
public final class Doctor extends Verb {

    private static final Path INOTIFY = Path.of("/proc/sys/fs/inotify");
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final long FEW_WATCHERS = 64;
    private static final long FEW_FILES = 256;
    private static final long LITTLE_SPACE = 100L << 20;

    @Mixin
    private Format format = new Format();

    /** A check that asks the machine something. */
    private interface Check {
        Finding look() throws Exception;
    }

    @Override
    protected Exit run() throws Exception {
        SpoolFolder spool = spool();
        List<Finding> findings = new ArrayList<>();
        findings.add(java());
        findings.add(checked("sqlite", this::sqlite));
        findings.add(checked("file system", () -> fileSystem(spool)));
        findings.add(checked("permissions", () -> permissions(spool)));
        findings.add(checked("cleaning", () -> cleaning(spool)));
        findings.add(checked("space", () -> space(spool)));
        findings.add(checked("writing", () -> DiskFindings.trial(disk(), spool, "writing")));
        findings.add(checked("watches", Doctor::watches));
        findings.add(checked("open files", Doctor::openFiles));
        findings.add(checked("clock", this::clock));
        findings.addAll(settings());
        findings.addAll(owners());
        for (QueueName link : scan().links()) {
            findings.add(Finding.warning("queue " + link, spool.queue(link).linkSentence()));
        }
        print(findings);
        return Finding.worst(findings) == Finding.Grade.CRITICAL ? Exit.FAILED : Exit.OK;
    }

    private static Finding checked(String about, Check check) {
        try {
            return check.look();
        } catch (Exception failed) { // whatever it is, it is the finding
            return Finding.critical(about, String.valueOf(failed.getMessage()));
        }
    }

    private static Finding java() {
        return Finding.ok(
                "java",
                System.getProperty("java.version") + ", " + System.getProperty("java.vendor") + ", "
                        + Runtime.getRuntime().availableProcessors() + " cores, heap up to "
                        + Units.bytes(Runtime.getRuntime().maxMemory()));
    }

    private Finding sqlite() throws IOException {
        try (BatchSql sql = new BatchSql(disk())) {
            List<String> version = new ArrayList<>();
            sql.query("select sqlite_version()", new BatchSql.Visitor() {
                @Override
                public void columns(List<String> names) {}

                @Override
                public void row(List<@Nullable Object> values) {
                    version.add(String.valueOf(values.get(0)));
                }
            });
            return Finding.ok("sqlite", "version " + version.get(0) + ", its native library loads");
        }
    }

    private static Finding fileSystem(SpoolFolder spool) throws IOException {
        Optional<String> unchecked;
        try {
            unchecked = spool.requireLocal();
        } catch (IOException network) {
            return Finding.critical("file system", String.valueOf(network.getMessage()));
        }
        if (unchecked.isPresent()) {
            return Finding.warning("file system", unchecked.get());
        }
        Volume volume = new Volume(spool.path());
        return volume.isReadOnly()
                ? Finding.critical("file system", spool.path() + " is mounted read-only; remount it writable")
                : Finding.ok("file system", volume.type() + " on " + volume.device() + ", local");
    }

    private static Finding permissions(SpoolFolder spool) {
        try {
            return spool.requirePrivate()
                    .map(unchecked -> Finding.warning("permissions", unchecked))
                    .orElse(Finding.ok("permissions", spool.path() + " is this user's alone to write to"));
        } catch (IOException open) {
            return Finding.critical("permissions", String.valueOf(open.getMessage()));
        }
    }

    private static Finding cleaning(SpoolFolder spool) throws IOException {
        return CleanedFolders.SYSTEM
                .around(spool.path())
                .map(folder -> Finding.warning(
                        "cleaning",
                        "the system may delete old files in " + folder
                                + "; put the spool elsewhere, in /var/spool say"))
                .orElse(Finding.ok("cleaning", "the spool is in no folder where the system deletes old files"));
    }

    /** Who cannot be told to be alive or dead; none if all can. */
    private List<Finding> owners() throws IOException, CommandException {
        List<Finding> findings = new ArrayList<>();
        for (OwnerInfo owner : scan().owners()) {
            String about = "owner " + owner.label();
            int claims = owner.claims().size();
            if (owner.status() == OwnerInfo.Status.SILENT) {
                findings.add(Finding.warning(
                        about,
                        "process " + owner.pid() + " is there but does not hold its lock, with "
                                + Units.count(claims, "batch")
                                + " claimed: it closed a descriptor of its lock file just now,"
                                + " or forgot its spool; taken for dead if that lasts for 10 minutes"));
            } else if (owner.status() == OwnerInfo.Status.IN_QUESTION) {
                findings.add(Finding.warning(
                        about,
                        "its lock is free and its process cannot be seen from here, with "
                                + Units.count(claims, "batch")
                                + " claimed; whoever is at work knows after 5 seconds, or run 'turboqueue recover'"));
            }
        }
        return findings;
    }

    private static Finding space(SpoolFolder spool) {
        long usable = new Volume(spool.path()).usableBytes();
        return usable < LITTLE_SPACE
                ? Finding.critical("space", "only " + Units.bytes(usable) + " left; producers will fail")
                : Finding.ok("space", Units.bytes(usable) + " left");
    }

    /** Consumers without a watch poll, which costs a little of a core. */
    private static Finding watches() throws IOException {
        Optional<Long> instances = number(INOTIFY.resolve("max_user_instances"));
        if (instances.isEmpty()) {
            return Finding.warning("watches", "the kernel tells of no inotify limits; consumers may have to poll");
        }
        String text = instances.get() + " inotify instances a user (fs.inotify.max_user_instances), one a JVM";
        return instances.get() < FEW_WATCHERS
                ? Finding.warning("watches", text + "; raise it if more consumer processes are to wait without polling")
                : Finding.ok("watches", text);
    }

    /** Line by line, since the kernel hands out such a number in one piece or cut short. */
    private static Optional<Long> number(Path file) throws IOException {
        return Files.isReadable(file)
                ? Optional.of(Long.parseLong(Files.readAllLines(file).get(0).strip()))
                : Optional.empty();
    }

    private static Finding openFiles() throws IOException {
        if (!Files.isReadable(LIMITS)) {
            return Finding.warning("open files", "the kernel does not tell the limit");
        }
        for (String line : Files.readAllLines(LIMITS)) {
            if (line.startsWith("Max open files")) {
                String limit = line.substring("Max open files".length()).strip().replaceAll(" .*", "");
                boolean few = limit.chars().allMatch(Character::isDigit) && Long.parseLong(limit) < FEW_FILES;
                return few
                        ? Finding.warning("open files", limit + " a process; raise it with ulimit -n")
                        : Finding.ok("open files", limit + " a process");
            }
        }
        return Finding.warning("open files", "the kernel does not tell the limit");
    }

    /** Names hold times: one from the future tells of a clock that was set back. */
    private Finding clock() throws IOException, CommandException {
        Instant now = now();
        List<Duration> ahead = new ArrayList<>();
        scan().visit(scan().queues(), Set.of(BatchState.READY), entry -> {
            if (isAhead(entry, now)) {
                ahead.add(Duration.between(now, entry.name().due()));
            }
        });
        return ahead.isEmpty()
                ? Finding.ok("clock", times().format(now))
                : Finding.warning(
                        "clock",
                        ahead.size() + " ready batches are from up to "
                                + Units.age(
                                        ahead.stream().max(Duration::compareTo).orElse(Duration.ZERO))
                                + " in the future: was the clock set back? Nothing stalls, only their order suffers");
    }

    private static boolean isAhead(BatchEntry entry, Instant now) {
        return entry.name().due().isAfter(now.plusSeconds(2));
    }

    private List<Finding> settings() throws IOException, CommandException {
        List<Finding> findings = new ArrayList<>();
        Set<String> warnings = new LinkedHashSet<>();
        for (QueueName queue : scan().queues()) {
            try {
                warnings.addAll(settings(queue).warnings());
            } catch (IllegalArgumentException wrong) {
                findings.add(Finding.critical("settings of " + queue, String.valueOf(wrong.getMessage())));
            }
        }
        warnings.forEach(warning -> findings.add(Finding.warning("settings", warning)));
        if (findings.isEmpty()) {
            findings.add(
                    Finding.ok("settings", "of " + Units.count(scan().queues().size(), "queue") + ": valid"));
        }
        return findings;
    }

    private void print(List<Finding> findings) throws IOException {
        Table<Finding> table = new Table<>(List.of(
                new Column<>("WHAT", "about", Style.TEXT, Finding::about),
                new Column<>(
                        "GRADE", "grade", Style.TEXT, finding -> finding.grade().word()),
                new Column<>("FINDING", "text", Style.TEXT, Finding::text)));
        print(table, "findings", findings, format);
    }
}
