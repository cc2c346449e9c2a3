package io.turboqueue.examples.torture;

import io.turboqueue.Codecs;
import io.turboqueue.QueueProducer;
import io.turboqueue.QueueWorkers;
import io.turboqueue.Spool;
import io.turboqueue.TurboQueue;
import io.turboqueue.disk.LocalDisk;
import io.turboqueue.examples.JavaCommand;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.DeadName;
import io.turboqueue.layout.QueueFolder;
import io.turboqueue.layout.SpoolFolder;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Puts entries of every kind that do not belong there into every folder of a spool at work: links, pipes, sockets, devices,
 * folders, files of all modes and sizes, second names of files outside, with names of the queue's own grammar and with names
 * that are none. Producers, consumers, workers and the command continue, and nothing outside the spool changes.
 */
final class FoldersNemesis implements Nemesis {

    private static final String WORKED = "worked";
    private static final int CONSUMERS = 2;
    private static final int KILL_EVERY = 20;
    private static final int COMMAND_EVERY = 50;
    private static final long PATIENCE_SECONDS = 120;
    private static final List<List<String>> COMMANDS =
            List.of(List.of("stats"), List.of("ls"), List.of("health"), List.of("doctor"));

    private final List<OddEntry> kinds;

    FoldersNemesis() {
        this(List.of(OddEntry.values()));
    }

    /** Puts in entries of these kinds only. */
    FoldersNemesis(List<OddEntry> kinds) {
        this.kinds = List.copyOf(kinds);
    }

    @Override
    public String name() {
        return "folders";
    }

    @Override
    public int few() {
        return 400;
    }

    @Override
    public Verdict run(Stage stage) throws IOException, InterruptedException {
        TestBed testBed = TestBed.in(stage.folder());
        Outside outside = Outside.make(testBed.folder().resolve("outside"));
        try (Cluster cluster = new Cluster(testBed, stage.workload(), stage.seed())) {
            cluster.start(stage.program(), 1, CONSUMERS, 1);
            cluster.victim(member -> member.role() == Role.CONSUMER); // its queues are there
            Planter planter = new Planter(testBed, cluster, stage.workload(), outside);
            work(stage, testBed, cluster, planter);
            planter.sweep();
            cluster.finish(stage.program().patience());
            planter.sweep(); // what was on its way to dead/
        }
        return Stage.verdict(testBed, Rules.STRICT).violated(outside.changes());
    }

    private void work(Stage stage, TestBed testBed, Cluster cluster, Planter planter)
            throws IOException, InterruptedException {
        AtomicInteger handled = new AtomicInteger();
        int sent = 0;
        try (Spool spool = Spool.builder(testBed.spool())
                .config(stage.workload().config())
                .disk(new RecordingDisk(new LocalDisk(), cluster.ledger()))
                .open()) {
            TurboQueue<String> queue = spool.queue(WORKED, Codecs.utf8());
            try (QueueProducer<String> producer = queue.producer();
                    QueueWorkers workers = queue.workers(2, message -> handled.incrementAndGet())) {
                for (int i = 1; i <= stage.times(); i++) {
                    planter.plant(i, kinds);
                    producer.send("work " + i);
                    producer.flush();
                    sent++;
                    disturb(i, stage, testBed, cluster);
                }
                planter.awaitTaken();
                awaitHandled(cluster, handled, sent);
                if (!workers.isRunning()) {
                    throw new IllegalStateException(
                            "the workers have ended", workers.failure().orElse(null));
                }
            }
        }
    }

    /** Now and then somebody dies, so that its directory with all that was put into it is recovered, or looks at the spool. */
    private static void disturb(int number, Stage stage, TestBed testBed, Cluster cluster)
            throws IOException, InterruptedException {
        if (number % KILL_EVERY == 0) {
            ClusterProcess victim = cluster.victim(member -> member.role() == Role.CONSUMER);
            cluster.kill(victim);
            cluster.start(victim.role(), stage.program());
        }
        if (number % COMMAND_EVERY == 0) {
            command(testBed, cluster, COMMANDS.get(number / COMMAND_EVERY % COMMANDS.size()));
        }
    }

    /** Whatever it finds, it ends, and with a sentence. */
    private static void command(TestBed testBed, Cluster cluster, List<String> verb)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("--spool", testBed.spool().toString()));
        words.addAll(verb);
        Path log = Files.createTempFile(testBed.logs(), "command-", ".log");
        Process process = new ProcessBuilder(
                        JavaCommand.of("io.turboqueue.cli.Main", List.of("-Xmx64m", "-XX:TieredStopAtLevel=1"), words))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            cluster.ledger().write(Entry.TROUBLE, "the command " + verb + " hangs");
        } else if (process.exitValue() > 3 || Files.readString(log).contains("\tat ")) {
            cluster.ledger().write(Entry.TROUBLE, "the command " + verb + " failed: " + Files.readString(log));
        }
    }

    private static void awaitHandled(Cluster cluster, AtomicInteger handled, int sent)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (handled.get() < sent) {
            if (System.nanoTime() - deadline > 0) {
                cluster.ledger().write(Entry.TROUBLE, "workers handled " + handled + " of " + sent + " messages");
                return;
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    /** Puts odd entries into the spool and takes them out again. */
    private static final class Planter {
        private final Path spool;
        private final Cluster cluster;
        private final List<String> queues = new ArrayList<>();
        private final Outside outside;
        private final Path staging;
        private final Map<Path, OddEntry> planted = new LinkedHashMap<>();

        Planter(TestBed testBed, Cluster cluster, Workload workload, Outside outside) throws IOException {
            this.spool = testBed.spool();
            this.cluster = cluster;
            this.queues.addAll(workload.queues());
            this.queues.add(WORKED);
            this.outside = outside;
            this.staging = Files.createDirectories(testBed.folder().resolve("s"));
        }

        /** One entry, of a kind, at a place and with a name that chance chooses. */
        void plant(int number, List<OddEntry> kinds) throws IOException, InterruptedException {
            SplittableRandom random = cluster.random();
            OddEntry kind = kinds.get(random.nextInt(kinds.size()));
            Path folder = folder(random);
            String id = "odd-" + number;
            boolean ours = random.nextInt(4) > 0;
            Path place = folder.resolve(ours ? ownName(folder, id) : strangeName(id, random));
            cluster.ledger().write(Entry.PLANTED, id, kind.word() + " at " + spool.relativize(place));
            try {
                kind.make(place, outside.folder(), staging);
                planted.put(ours ? place : unreadable(place, random), kind);
            } catch (NoSuchFileException folderIsGone) {
                return; // an owner's directory, say
            }
        }

        private Path folder(SplittableRandom random) throws IOException {
            Path queue = spool.resolve(queues.get(random.nextInt(queues.size())));
            int place = random.nextInt(10);
            if (place < QueueFolder.STATES.size()) {
                return Files.createDirectories(
                        queue.resolve(QueueFolder.STATES.get(place).word()));
            }
            return switch (place) {
                case 4, 5, 6 -> Files.createDirectories(queue.resolve("free"));
                case 7 -> spool.resolve(SpoolFolder.OWNERS);
                case 8 -> ownersDirectory(random);
                default -> random.nextBoolean() ? queue : spool;
            };
        }

        private Path ownersDirectory(SplittableRandom random) throws IOException {
            List<Path> directories = new ArrayList<>();
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(spool.resolve(SpoolFolder.OWNERS))) {
                for (Path entry : entries) {
                    if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS) && !planted.containsKey(entry)) {
                        directories.add(entry);
                    }
                }
            }
            return directories.isEmpty()
                    ? spool.resolve(SpoolFolder.OWNERS)
                    : directories.get(random.nextInt(directories.size()));
        }

        /** A name that the queue itself could have made in that folder. */
        private String ownName(Path folder, String id) {
            BatchName batch = new BatchName(cluster.random().nextInt(10), System.currentTimeMillis(), id, null);
            String in = folder.getFileName().toString();
            if (in.equals(BatchState.DEAD.word())) {
                return new DeadName(batch, "odd").format();
            }
            if (QueueFolder.STATES.stream().anyMatch(state -> state.word().equals(in))) {
                return batch.format();
            }
            if (spool.resolve(SpoolFolder.OWNERS).equals(folder.getParent())) {
                return cluster.random().nextBoolean()
                        ? "loading~" + WORKED + "~" + id + BatchName.SUFFIX
                        : "claimed~7fffffff~" + WORKED + "~" + batch.format();
            }
            return in.equals("free") ? id + BatchName.SUFFIX : id;
        }

        private static String strangeName(String id, SplittableRandom random) {
            return switch (random.nextInt(4)) {
                case 0 -> id + "-" + "x".repeat(255 - id.length() - 1);
                case 1 -> id + "\nWARN all is well \u001b[31m.db";
                case 2 -> id + ".db-journal";
                default -> id;
            };
        }

        /** Sometimes with a byte in its name that is not text in any charset the queue runs with. */
        private static Path unreadable(Path place, SplittableRandom random) throws IOException, InterruptedException {
            if (random.nextBoolean() || place.getFileName().toString().length() > 100) {
                return place;
            }
            String script = "mv -- \"$1\" \"$1$(printf '\\377\\376').db\"";
            new ProcessBuilder("sh", "-c", script, "sh", place.toString())
                    .start()
                    .waitFor();
            return place;
        }

        /** Waits until all that looked like a batch to be delivered is no longer where it was put. */
        void awaitTaken() throws IOException, InterruptedException {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            List<Path> waiting = waiting();
            while (!waiting.isEmpty()) {
                if (System.nanoTime() - deadline > 0) {
                    cluster.ledger().write(Entry.TROUBLE, "still to be set aside: " + waiting);
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(5);
                waiting = waiting();
            }
        }

        private List<Path> waiting() {
            return planted.entrySet().stream()
                    .filter(entry -> !entry.getValue().isStubborn())
                    .map(Map.Entry::getKey)
                    .filter(Planter::isToBeDelivered)
                    .toList();
        }

        private static boolean isToBeDelivered(Path place) {
            String folder = place.getName(place.getNameCount() - 2).toString();
            return (folder.equals(BatchState.READY.word()) || folder.equals(BatchState.DELAYED.word()))
                    && BatchName.parse(place.getFileName().toString()).isPresent()
                    && Files.exists(place, LinkOption.NOFOLLOW_LINKS);
        }

        /** Takes out all that was put in, wherever it is now. */
        void sweep() throws IOException {
            sweep(spool);
        }

        private void sweep(Path folder) throws IOException {
            List<Path> found = new ArrayList<>();
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
                entries.forEach(found::add);
            } catch (NoSuchFileException goneMeanwhile) {
                return;
            }
            for (Path entry : found) {
                if (entry.getFileName().toString().contains("odd-")) {
                    OddEntry.remove(entry);
                } else if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    sweep(entry);
                }
            }
        }
    }
}
