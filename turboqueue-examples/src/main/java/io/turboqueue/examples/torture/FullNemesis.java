package io.turboqueue.examples.torture;

import io.turboqueue.examples.torture.SmallDisk.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Fills a small disk up to the last byte under processes at work, and makes room again. */
final class FullNemesis implements Nemesis {

    private static final Map<Kind, Integer> MEGABYTES = Map.of(Kind.TMPFS, 4, Kind.EXT4, 16, Kind.BTRFS, 128);
    private static final List<Kind> KINDS = List.of(Kind.TMPFS, Kind.EXT4, Kind.BTRFS);
    private static final int MAX_MILLIS = 400;

    @Override
    public String name() {
        return "full";
    }

    @Override
    public int few() {
        return 6;
    }

    @Override
    public Optional<String> obstacle() {
        return SmallDisk.obstacle();
    }

    @Override
    public Verdict run(Stage stage) throws IOException, InterruptedException {
        Verdict total = Verdict.CLEAN;
        List<Kind> possible =
                KINDS.stream().filter(kind -> kind.obstacle().isEmpty()).toList();
        for (Kind kind : KINDS) {
            Optional<String> obstacle = kind.obstacle();
            total = obstacle.isPresent()
                    ? total.remark(obstacle.get())
                    : total.plus(run(stage, kind, -Math.floorDiv(-stage.times(), possible.size())));
        }
        return total;
    }

    private static Verdict run(Stage stage, Kind kind, int times) throws IOException, InterruptedException {
        Path folder = Files.createDirectory(stage.folder().resolve(kind.toString()));
        try (SmallDisk disk = SmallDisk.make(kind, folder, MEGABYTES.getOrDefault(kind, 16))) {
            TestBed testBed = TestBed.with(folder, disk.folder().resolve("spool"));
            try (Cluster cluster = new Cluster(testBed, stage.workload(), stage.seed())) {
                cluster.start(stage.program(), 2, 2, 1);
                cluster.victim(member -> member.role() == Role.CONSUMER);
                for (int i = 0; i < times; i++) {
                    pause(cluster);
                    cluster.ledger().write(Entry.STRUCK, "full");
                    fill(disk.folder().resolve("ballast"), () -> pause(cluster));
                }
                cluster.finish(stage.program().patience());
            }
            return Stage.verdict(testBed, Rules.STRICT).remark(kind + ": full " + times + " times");
        }
    }

    private static void pause(Cluster cluster) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(50L + cluster.random().nextInt(MAX_MILLIS));
    }

    private interface Pause {
        void run() throws InterruptedException;
    }

    /** Takes all the room there is, keeps it for a while, and gives it back. */
    private static void fill(Path ballast, Pause pause) throws IOException, InterruptedException {
        try (FileChannel channel = FileChannel.open(ballast, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer block = ByteBuffer.allocate(4096);
            while (true) {
                channel.write(block.clear());
            }
        } catch (IOException full) {
            pause.run();
        } finally {
            Files.deleteIfExists(ballast);
        }
    }
}
