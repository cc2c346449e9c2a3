package io.turboqueue.examples.torture;

import io.turboqueue.Codecs;
import io.turboqueue.QueueProducer;
import io.turboqueue.Spool;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.DeadName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Drops damaged and hostile files among the batches of queues at work. None may be delivered, none may stop anybody, and each
 * must be set aside in {@code dead/}.
 */
final class FuzzNemesis implements Nemesis {

    private static final int CONSUMERS = 2;
    private static final int MAX_IN_QUEUE = 200;
    private static final int HOSTILE_EVERY = 10;
    private static final List<Corruption> HARMS = List.of(Corruption.values());
    private static final long TO_BURY_SECONDS = 120;

    @Override
    public String name() {
        return "fuzz";
    }

    @Override
    public int few() {
        return 300;
    }

    @Override
    public Verdict run(Stage stage) throws IOException, InterruptedException {
        TestBed testBed = TestBed.in(stage.folder());
        try (Cluster cluster = new Cluster(testBed, stage.workload(), stage.seed())) {
            Planter planter = new Planter(testBed, cluster, stage.workload());
            cluster.start(stage.program(), 1, CONSUMERS, 1);
            cluster.victim(member -> member.role() == Role.CONSUMER); // its queues are there
            for (int i = 0; i < stage.times(); i++) {
                planter.plant(i);
            }
            planter.awaitBuried(0);
            cluster.finish(stage.program().patience());
        }
        return Stage.verdict(testBed, Rules.STRICT);
    }

    /** Drops files and finds them again. */
    private static final class Planter {
        private final TestBed testBed;
        private final Cluster cluster;
        private final Workload workload;
        private final Path staging;
        private final List<Corruption.Batch> good = new ArrayList<>();
        private final Map<String, byte[]> hostile;
        private final Set<String> inQueue = new HashSet<>();

        Planter(TestBed testBed, Cluster cluster, Workload workload) throws IOException, InterruptedException {
            this.testBed = testBed;
            this.cluster = cluster;
            this.workload = workload;
            this.staging = Files.createDirectory(testBed.folder().resolve("staging"));
            this.hostile = HostileDatabases.make(staging);
            makeGood();
        }

        private void makeGood() throws IOException, InterruptedException {
            Path folder = staging.resolve("good");
            try (Spool spool = Spool.builder(folder).config(workload.config()).open();
                    QueueProducer<String> producer =
                            spool.queue("good", Codecs.utf8()).producer()) {
                for (int messages : List.of(1, 10, 200)) {
                    for (int position = 1; position <= messages; position++) {
                        producer.send(Payload.text("planted", position, messages));
                    }
                    producer.flush();
                }
            }
            try (Stream<Path> files = Files.list(folder.resolve("good/ready"))) {
                for (Path file : files.toList()) {
                    BatchName name =
                            BatchName.parse(file.getFileName().toString()).orElseThrow();
                    Optional.ofNullable(name.contents()).ifPresent(contents -> good.add(batch(contents, file)));
                }
            }
            TestBed.delete(folder);
        }

        private static Corruption.Batch batch(BatchName.Contents contents, Path file) {
            try {
                return new Corruption.Batch(contents, Files.readAllBytes(file));
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        /** Drops one; not more at a time than the queues can swallow. */
        void plant(int number) throws IOException, InterruptedException {
            if (inQueue.size() >= MAX_IN_QUEUE) {
                awaitBuried(MAX_IN_QUEUE / 2);
            }
            String id = "planted-" + number;
            Path file = staging.resolve(id);
            BatchName name = number % HOSTILE_EVERY == 0 ? hostile(id, file) : harmed(id, file);
            Path queue = testBed.spool()
                    .resolve(workload.queues()
                            .get(cluster.random().nextInt(workload.queues().size())));
            inQueue.add(id);
            Files.move(
                    file,
                    queue.resolve(BatchState.READY.word()).resolve(name.format()),
                    StandardCopyOption.ATOMIC_MOVE);
        }

        private BatchName hostile(String id, Path file) throws IOException {
            List<String> kinds = List.copyOf(hostile.keySet());
            String kind = kinds.get(cluster.random().nextInt(kinds.size()));
            cluster.ledger().write(Entry.PLANTED, id, kind);
            Files.write(file, hostile.getOrDefault(kind, new byte[0]));
            return new BatchName(cluster.random().nextInt(10), System.currentTimeMillis(), id, null);
        }

        private BatchName harmed(String id, Path file) throws IOException, InterruptedException {
            Corruption harm = HARMS.get(cluster.random().nextInt(HARMS.size()));
            Corruption.Batch batch = good.get(cluster.random().nextInt(good.size()));
            cluster.ledger().write(Entry.PLANTED, id, harm.word());
            BatchName.Contents says = harm.make(batch, file, cluster.random());
            return new BatchName(cluster.random().nextInt(10), System.currentTimeMillis(), id, says);
        }

        /** Waits until no more than that many are still in the queues. */
        void awaitBuried(int most) throws IOException, InterruptedException {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TO_BURY_SECONDS);
            collect();
            while (inQueue.size() > most) {
                if (System.nanoTime() - deadline > 0) {
                    cluster.ledger().write(Entry.TROUBLE, "not set aside after " + TO_BURY_SECONDS + " s: " + inQueue);
                    inQueue.clear();
                }
                TimeUnit.MILLISECONDS.sleep(5);
                collect();
            }
        }

        /** Takes those out of dead/ that were set aside there. */
        private void collect() throws IOException {
            for (String queue : workload.queues()) {
                Path dead = testBed.spool().resolve(queue).resolve(BatchState.DEAD.word());
                if (Files.isDirectory(dead)) {
                    for (Map.Entry<String, Path> buried : buried(dead).entrySet()) {
                        if (inQueue.remove(buried.getKey())) {
                            remove(buried.getValue());
                        }
                    }
                }
            }
        }

        private static Map<String, Path> buried(Path dead) throws IOException {
            Map<String, Path> buried = new HashMap<>();
            try (Stream<Path> files = Files.list(dead)) {
                files.forEach(file -> DeadName.parse(file.getFileName().toString())
                        .ifPresent(name -> buried.put(name.batch().id(), file)));
            }
            return buried;
        }

        private static void remove(Path file) throws IOException {
            if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                TestBed.delete(file);
            } else {
                Files.delete(file);
            }
        }
    }
}
