package io.turboqueue;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.disk.CrashDisk;
import io.turboqueue.disk.LocalDisk;
import io.turboqueue.disk.ProcessDiedException;
import io.turboqueue.disk.SteppedDisk.Step;
import io.turboqueue.layout.BatchName;
import io.turboqueue.owner.DeadOwners;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A consumer dies at each step of setting a deadly message aside and of delivering the rest message by message. */
class PoisonMessageCrashTest {

    private static final String QUEUE = "q";
    private static final int LIMIT = 5;

    @TempDir
    Path temp;

    private int spools;

    @Test
    void whereverItDiesNothingIsLostAndAtWorstTheDeadMessageIsThereTwice() throws Exception {
        CrashDisk whole = CrashDisk.whenTold(new LocalDisk());
        crash("at the end", whole);
        List<Step> steps = whole.steps();
        assertThat(steps).hasSizeGreaterThan(20);
        for (int n = 1; n <= steps.size(); n++) {
            crash("before operation " + n + ", " + steps.get(n - 1), CrashDisk.before(new LocalDisk(), n));
            if (steps.get(n - 1).changesNames()) {
                crash("after operation " + n + ", " + steps.get(n - 1), CrashDisk.after(new LocalDisk(), n));
            }
        }
    }

    private void crash(String when, CrashDisk disk) throws Exception {
        Path folder = temp.resolve("spool" + spools++);
        publishAndCondemn(folder);
        Spool spool = null;
        List<String> handled = new ArrayList<>();
        try {
            spool = open(folder).disk(disk).open();
            consume(spool, handled);
            disk.die();
        } catch (ProcessDiedException crashed) {
            assertThat(disk.isDead()).isTrue();
        } finally {
            deadLetter(folder, spool);
        }
        assertThatNothingIsLost(when, folder, handled);
    }

    private static Spool.Builder open(Path folder) {
        return Spool.builder(folder)
                .environment(Map.of(), Map.of())
                .config(QueueConfig.builder()
                        .maxAttempts(LIMIT)
                        .recoveryInterval(Duration.ofHours(1))
                        .build());
    }

    /** OwnerRecovery has left it so: the process died at the second message as often as allowed. */
    private static void publishAndCondemn(Path folder) throws Exception {
        try (Spool spool = open(folder).open();
                QueueProducer<String> producer =
                        spool.queue(QUEUE, Codecs.utf8()).producer()) {
            for (String payload : List.of("done", "deadly", "a", "b", "c")) {
                producer.send(payload);
            }
        }
        Path ready = SpoolOnDisk.only(folder.resolve(QUEUE).resolve("ready"));
        BatchName name =
                BatchName.parse(ready.getFileName().toString()).orElseThrow().withOffset(1);
        for (int i = 0; i < LIMIT; i++) {
            name = name.died();
        }
        Files.move(ready, ready.resolveSibling(name.format()));
    }

    private static void consume(Spool spool, List<String> handled) throws IOException, InterruptedException {
        try (QueueConsumer<String> consumer = spool.queue(QUEUE, Codecs.utf8()).consumer()) {
            Optional<ClaimedBatch<String>> claimed = consumer.poll(Duration.ZERO);
            if (claimed.isPresent()) {
                for (Message<String> message : claimed.get()) {
                    handled.add(message.payload());
                    claimed.get().checkpoint();
                }
            }
        }
    }

    private static void deadLetter(Path folder, @Nullable Spool spool) throws IOException {
        if (spool != null) {
            try {
                spool.close();
            } catch (ProcessDiedException likeEverythingElse) {
                // its threads have ended anyway
            }
        }
        DeadOwners.forget(folder);
    }

    private static void assertThatNothingIsLost(String when, Path folder, List<String> handled) throws Exception {
        assertThat(handled).as("handled before a crash %s", when).doesNotContain("deadly", "done");
        List<String> delivered = new ArrayList<>();
        try (NextProcess next = new NextProcess(folder, QUEUE)) {
            next.clearOwners();
            next.consumeAll().forEach(delivery -> delivered.addAll(delivery.payloads()));
            assertThat(delivered).as("delivered after a crash %s", when).allMatch(List.of("a", "b", "c")::contains);
            handled.addAll(delivered);
            assertThat(handled).as("handled after a crash %s", when).contains("a", "b", "c");
            List<String> dead = SpoolOnDisk.names(folder.resolve(QUEUE).resolve("dead"));
            assertThat(dead).as("dead after a crash %s", when).hasSizeBetween(1, 2);
            assertThat(dead).allMatch(name -> name.contains(".n1.") && name.endsWith("~deaths.db"));
            next.redrive();
            delivered.clear();
            next.consumeAll().forEach(delivery -> delivered.addAll(delivery.payloads()));
            assertThat(new TreeSet<>(delivered))
                    .as("redriven after a crash %s", when)
                    .containsExactly("deadly!"); // with an error in its headers
        }
        assertThat(SpoolFiles.leftovers(folder))
                .as("left after a crash %s", when)
                .isEmpty();
    }
}
