package io.turboqueue.examples.torture;

import io.turboqueue.examples.torture.SmallDisk.Kind;
import io.turboqueue.layout.OwnerName;
import io.turboqueue.layout.SpoolFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Cuts the power of a disk in an image file: the image is copied while it is mounted and in use, nothing flushed, and the copy
 * is mounted and worked off. With durability {@code power} everything published must be there and whole; with
 * {@code process} it may be missing or damaged, but damage must be set aside and never delivered.
 *
 * <p>While it is copied, processes are stopped, and it is copied until two copies are equal: so it is the image of one moment.
 */
final class PowerNemesis implements Nemesis {

    private static final List<Kind> KINDS = List.of(Kind.EXT4, Kind.XFS, Kind.BTRFS);
    private static final Map<Kind, Integer> MEGABYTES = Map.of(Kind.EXT4, 24, Kind.XFS, 320, Kind.BTRFS, 128);
    private static final List<String> DURABILITIES = List.of("power", "process");
    private static final Pattern SET_ASIDE = Pattern.compile(".*/dead/.*~(size|crc|format|corrupt|rows|content)\\.db");
    private static final String EARLIER_BOOT = "00000000";
    private static final int MAX_COPIES = 20;
    private static final int MAX_MILLIS = 700;

    @Override
    public String name() {
        return "power";
    }

    @Override
    public int few() {
        return 2;
    }

    @Override
    public Optional<String> obstacle() {
        return SmallDisk.obstacle();
    }

    @Override
    public Verdict run(Stage stage) throws IOException, InterruptedException {
        Verdict total = Verdict.CLEAN;
        for (Kind kind : KINDS) {
            Optional<String> obstacle = kind.obstacleToCopies();
            if (obstacle.isPresent()) {
                total = total.remark(obstacle.get());
            } else {
                for (String durability : DURABILITIES) {
                    total = total.plus(run(stage, kind, durability));
                }
            }
        }
        return total;
    }

    /** That many cuts of one disk, each judged by itself. */
    Verdict run(Stage stage, Kind kind, String durability) throws IOException, InterruptedException {
        Path folder = Files.createDirectory(stage.folder().resolve(kind + "-" + durability));
        Workload workload = stage.workload().durability(durability);
        Verdict total = Verdict.CLEAN;
        try (SmallDisk disk = SmallDisk.make(kind, folder, MEGABYTES.getOrDefault(kind, 64))) {
            TestBed testBed = TestBed.with(folder, disk.folder().resolve("spool"));
            try (Cluster cluster = new Cluster(testBed, workload, stage.seed())) {
                cluster.start(stage.program(), 2, 2, 1);
                cluster.victim(member -> member.role() == Role.PRODUCER);
                for (int cut = 1; cut <= stage.times(); cut++) {
                    TimeUnit.MILLISECONDS.sleep(cluster.random().nextInt(MAX_MILLIS));
                    Path own = Files.createDirectory(folder.resolve("cut-" + cut));
                    cluster.ledger().write(Entry.STRUCK, "power cut", cut);
                    copyStopped(cluster, testBed, own);
                    Verdict verdict = workOff(own, kind, workload, stage.seed() + cut);
                    total = total.plus(verdict);
                    if (verdict.passed()) {
                        TestBed.delete(own);
                    }
                }
                cluster.finish(stage.program().patience());
            }
            Verdict survivors = Stage.verdict(testBed, Rules.STRICT);
            return survivors
                    .plus(new Verdict(Tally.NONE, total.violations(), List.of()))
                    .remark(String.format(
                            "%s, %s: %d cuts, %d messages missing after them, %d delivered wrong",
                            kind,
                            durability,
                            stage.times(),
                            total.tally().lost(),
                            total.tally().wrong()));
        }
    }

    private static void copyStopped(Cluster cluster, TestBed testBed, Path own)
            throws IOException, InterruptedException {
        for (ClusterProcess member : cluster.members()) {
            member.stop();
        }
        try {
            for (ClusterProcess member : cluster.members()) {
                awaitStopped(member);
            }
            copyAll(testBed.ledgers(), Files.createDirectory(own.resolve("before")));
            copyUntilEqual(testBed.folder().resolve("image"), own);
        } finally {
            for (ClusterProcess member : cluster.members()) {
                member.goOn();
            }
        }
    }

    /** A call into the kernel is finished first. */
    private static void awaitStopped(ClusterProcess member) throws IOException, InterruptedException {
        Path status = Path.of("/proc", Long.toString(member.process().pid()), "task");
        boolean stopped = false;
        while (!stopped) {
            TimeUnit.MILLISECONDS.sleep(1);
            try (Stream<Path> threads = Files.list(status)) {
                stopped = true;
                for (Path thread : threads.toList()) {
                    stopped &= Files.readString(thread.resolve("stat")).contains(") T ");
                }
            }
        }
    }

    private static void copyAll(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private static void copyUntilEqual(Path image, Path own) throws IOException {
        Path copy = own.resolve("image");
        Path again = own.resolve("again");
        Files.copy(image, copy);
        for (int copies = 1; copies < MAX_COPIES; copies++) {
            Files.copy(image, again);
            boolean equal = Files.mismatch(copy, again) < 0;
            Files.move(again, copy, StandardCopyOption.REPLACE_EXISTING);
            if (equal) {
                return;
            }
        }
        throw new IOException("the image " + image + " never stood still for a copy");
    }

    /**
     * After a power cut the owners are of an earlier boot. Those of a copy would pass for living, since their processes are
     * there; so the copy's directories, and the ledgers that name them, get another boot's digits.
     */
    private static void boot(Path owners, Path ledgers) throws IOException {
        if (!Files.isDirectory(owners)) {
            return; // the cut took it
        }
        for (Path directory : list(owners)) {
            Optional<OwnerName> owner = OwnerName.parse(directory.getFileName().toString());
            if (owner.isPresent()) {
                String now = digits(owner.get().process().scope().boot());
                Files.move(
                        directory, directory.resolveSibling(owner.get().format().replace(now, digits(EARLIER_BOOT))));
                for (Path ledger : list(ledgers)) {
                    Files.writeString(ledger, Files.readString(ledger).replace(now, digits(EARLIER_BOOT)));
                }
            }
        }
    }

    private static String digits(String boot) {
        return "-" + boot + "-";
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    /** Mounts the copy, consumes what is there, and judges. */
    private static Verdict workOff(Path own, Kind kind, Workload workload, long seed)
            throws IOException, InterruptedException {
        boolean durable = workload.durability().equals("power");
        try (SmallDisk disk = SmallDisk.mount(kind, own.resolve("image"), Files.createDirectory(own.resolve("disk")))) {
            TestBed testBed = TestBed.with(own, disk.folder().resolve("spool"));
            boot(testBed.spool().resolve(SpoolFolder.OWNERS), own.resolve("before"));
            try (Cluster cluster = new Cluster(testBed, workload, seed)) {
                cluster.start(Program.USUAL, 0, 2, 0);
                cluster.finish(Program.USUAL.patience());
            }
            List<HistoryLine> lines = new ArrayList<>(certain(History.read(own.resolve("before"), "before/")));
            lines.addAll(History.read(testBed.ledgers(), "after/"));
            lines.sort(Comparator.comparingLong(HistoryLine::nanos));
            List<String> remains = new ArrayList<>(Remains.violations(testBed));
            if (!durable) {
                remains.removeIf(SET_ASIDE.asMatchPredicate());
            }
            return new Checker(Rules.afterPowerCut(durable)).checker(lines).violated(remains);
        }
    }

    /**
     * Without the deliveries before the cut that were not acked: those batches must come again. What a process wrote last may
     * have been acked without a line to tell.
     */
    static List<HistoryLine> certain(List<HistoryLine> lines) {
        Set<String> acked = new HashSet<>();
        Map<String, HistoryLine> last = new HashMap<>();
        for (HistoryLine line : lines) {
            last.put(line.writer(), line);
            if (line.entry() == Entry.ACKED) {
                acked.add(line.word(0));
            }
        }
        return lines.stream()
                .filter(line -> line.entry() != Entry.DELIVERED
                        || acked.contains(line.word(0))
                        || line.equals(last.get(line.writer())))
                .toList();
    }
}
