package io.turboqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.turboqueue.inspect.QueueStats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three producers and three consumers at three queues, each a process; one after the other is killed and replaced. */
@Timeout(300)
class TortureTest {

    private static final List<String> QUEUES = List.of("flights", "flights.by-route", "bags");
    private static final int EACH = 3;
    private static final int KILLS = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path temp;

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);
    private int started;

    /** A process that works, and the ledger it writes. */
    private record Worker(ChildJvm child, Path ledger, boolean produces) {
        long bytes() throws IOException {
            child.requireAlive();
            return Files.exists(ledger) ? Files.size(ledger) : 0;
        }
    }

    @Test
    void nothingIsLostOrWrongAndDuplicatesSaySo() throws Exception {
        List<Worker> workers = new ArrayList<>();
        try {
            for (int i = 0; i < 2 * EACH; i++) {
                workers.add(start(i % 2 == 0));
            }
            for (int kills = 0; kills < KILLS; kills++) {
                killOne(workers);
            }
            finish(workers);
        } finally {
            workers.forEach(worker -> worker.child.close());
        }
        assertThat(new Verdict(temp.resolve("ledgers")).faults())
                .as("faults with seed %d", seed)
                .isEmpty();
        assertThat(SpoolFiles.leftovers(spool())).as("left with seed %d", seed).isEmpty();
    }

    private Path spool() {
        return temp.resolve("spool");
    }

    private Worker start(boolean produces) throws IOException {
        Path ledger = Files.createDirectories(temp.resolve("ledgers")).resolve("worker-" + started);
        List<String> arguments = new ArrayList<>(List.of(spool().toString(), ledger.toString()));
        if (produces) {
            arguments.add("p" + started);
        }
        arguments.add(Long.toString(seed + started));
        arguments.addAll(QUEUES);
        started++;
        Class<?> main = produces ? TortureProducer.class : TortureConsumer.class;
        return new Worker(ChildJvm.start(temp, main, arguments.toArray(new String[0])), ledger, produces);
    }

    /** One that is at work and not the last started, so that no time is spent on waiting for new JVMs. */
    private void killOne(List<Worker> workers) throws Exception {
        Worker victim = workers.get(random.nextInt(workers.size() - 2));
        long enough = victim.bytes() + 100 + random.nextInt(500);
        await("worker " + victim.ledger + " works, with seed " + seed)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> victim.bytes() >= enough);
        victim.child.kill();
        workers.remove(victim);
        workers.add(start(victim.produces));
    }

    /** First the producers end, then, when nothing is left, the consumers. */
    private void finish(List<Worker> workers) throws Exception {
        for (Worker worker : workers) {
            if (worker.produces) {
                worker.child.end();
            }
        }
        try (Spool spool = Spool.open(spool())) {
            await("everything is consumed, with seed " + seed)
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> isEmpty(spool));
        } catch (ConditionTimeoutException stuck) {
            throw new AssertionError("left: " + SpoolFiles.leftovers(spool()), stuck);
        }
        for (Worker worker : workers) {
            if (!worker.produces) {
                worker.child.end();
            }
        }
    }

    /** Twice in a row, since a batch may slip from folder to folder behind a listing. */
    private static boolean isEmpty(Spool spool) throws IOException {
        if (spool.folder().resolve("owners").toFile().list().length > EACH) {
            return false;
        }
        for (int look = 0; look < 2; look++) {
            for (String queue : QUEUES) {
                QueueStats stats = spool.queue(queue).inspector().stats();
                if (stats.ready().batches()
                                + stats.later().batches()
                                + stats.claimed().batches()
                        > 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /** What the ledgers say together. */
    private static final class Verdict {
        private final Map<String, Integer> intended = new HashMap<>();
        private final Set<String> published = new HashSet<>();
        private final Map<String, BitSet> handled = new HashMap<>();
        private final Map<String, String> batchOfId = new HashMap<>();
        private final Set<String> deliveries = new HashSet<>();
        private final Set<String> acked = new HashSet<>();
        private final List<String> faults = new ArrayList<>();
        private final Path folder;

        Verdict(Path folder) {
            this.folder = folder;
        }

        List<String> faults() throws IOException {
            List<String[]> lines = new ArrayList<>();
            try (Stream<Path> ledgers = Files.list(folder)) {
                for (Path ledger : ledgers.toList()) {
                    Files.readAllLines(ledger).forEach(line -> lines.add(line.split(" ")));
                }
            }
            lines.forEach(this::produced);
            lines.forEach(this::consumed);
            for (String batch : published) {
                int messages = intended.getOrDefault(batch, -1);
                int arrived = handled.getOrDefault(batch, new BitSet()).cardinality();
                if (arrived != messages) {
                    faults.add(
                            "lost: of " + messages + " messages of " + batch + " only " + arrived + " were delivered");
                }
            }
            if (published.size() < KILLS) {
                faults.add("only " + published.size() + " batches were published");
            }
            return faults;
        }

        private void produced(String[] line) {
            if (line[0].equals(TortureProducer.INTENDED)) {
                intended.put(line[1], Integer.parseInt(line[2]));
            } else if (line[0].equals(TortureProducer.PUBLISHED)) {
                published.add(line[1]);
            }
        }

        private void consumed(String[] line) {
            switch (line[0]) {
                case TortureConsumer.WRONG -> faults.add("wrong: " + String.join(" ", line));
                case TortureConsumer.ACKED -> {
                    if (!acked.add(line[1])) {
                        faults.add("acked twice: " + line[1]);
                    }
                }
                case TortureConsumer.PART -> handled(line);
                case TortureConsumer.DELIVERED -> {
                    handled(line);
                    if (!deliveries.add(line[1] + " attempt " + line[2])) {
                        faults.add("delivered again under the same attempt: " + String.join(" ", line));
                    }
                }
                default -> {
                    // a producer's
                }
            }
        }

        private void handled(String[] line) {
            String id = line[1];
            String batch = line[3];
            int first = Integer.parseInt(line[4]);
            int last = Integer.parseInt(line[5]);
            int messages = Integer.parseInt(line[6]);
            if (!Integer.valueOf(messages).equals(intended.get(batch))) {
                faults.add("never sent: " + String.join(" ", line));
            }
            String known = batchOfId.putIfAbsent(id, batch);
            if (known != null && !known.equals(batch)) {
                faults.add("one id for two batches: " + id + " for " + known + " and " + batch);
            }
            handled.computeIfAbsent(batch, added -> new BitSet()).set(first, last + 1);
        }
    }
}
