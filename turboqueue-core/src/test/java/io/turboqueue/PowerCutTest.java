package io.turboqueue;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.Ledger.Delivery;
import io.turboqueue.SpoolFiles.Due;
import io.turboqueue.Workload.Held;
import io.turboqueue.disk.CrashDisk;
import io.turboqueue.disk.Disk;
import io.turboqueue.disk.ForgetfulDisk;
import io.turboqueue.disk.PowerCutDisk;
import io.turboqueue.disk.ProcessDiedException;
import io.turboqueue.disk.SteppedDisk.Step;
import io.turboqueue.waiting.DirectorySignal;
import io.turboqueue.waiting.DirectoryWatcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The machine loses power at any moment, and with it, by chance, everything that was not synced. */
class PowerCutTest {

    private static final int SEEDS = 200;
    private static final int LATEST_CUT = 120;
    private static final Pattern DAMAGED = Pattern.compile("flights/dead/.*~(size|crc|format|corrupt)\\.db");

    @TempDir
    Path temp;

    private DirectorySignal watch;
    private int cuts;

    /** As long as something is watched, no run needs to start a watch of its own. */
    @BeforeEach
    void keepWatch() {
        watch = DirectoryWatcher.shared().signal(temp);
    }

    @AfterEach
    void endWatch() {
        watch.close();
    }

    @Test
    void withDurabilityPowerEveryPublishedBatchIsThereAndWhole() throws Exception {
        for (int seed = 0; seed < SEEDS; seed++) {
            Outcome outcome = cutPower(seed, Durability.POWER, UnaryOperator.identity());
            assertThat(outcome.violations)
                    .as("promises broken with seed %d", seed)
                    .isEmpty();
            assertThat(outcome.leftovers).as("left with seed %d", seed).isEmpty();
        }
    }

    @Test
    void withDurabilityProcessDamageIsSetAsideAndNeverDelivered() throws Exception {
        int damaged = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Outcome outcome = cutPower(seed, Durability.PROCESS, UnaryOperator.identity());
            outcome.violations.removeIf(violation -> violation.startsWith("published and not acked, but lost"));
            assertThat(outcome.violations)
                    .as("promises broken with seed %d", seed)
                    .isEmpty();
            assertThat(outcome.leftovers).as("left with seed %d", seed).allMatch(DAMAGED.asMatchPredicate());
            damaged += outcome.leftovers.size();
        }
        assertThat(damaged).as("batches damaged in %d power cuts", SEEDS).isGreaterThan(SEEDS / 10);
    }

    @Test
    void aMissingSyncOfTheFileWouldBeFound() throws Exception {
        assertThat(firstLossWithout(Step.SYNC)).contains("published and not acked, but lost");
    }

    @Test
    void aMissingSyncOfTheFolderWouldBeFound() throws Exception {
        assertThat(firstLossWithout(Step.SYNC_FOLDER)).contains("published and not acked, but lost");
    }

    private String firstLossWithout(Step forgotten) throws Exception {
        for (int seed = 0; seed < SEEDS; seed++) {
            Outcome outcome = cutPower(seed, Durability.POWER, disk -> new ForgetfulDisk(disk, forgotten));
            if (!outcome.violations.isEmpty()) {
                return outcome.violations.get(0);
            }
        }
        return "nothing was lost";
    }

    @Test
    void withDurabilityPowerTheFoldersOfANewQueueLastToo() throws Exception {
        assertThat(lostWithFolders(workload -> {
                    workload.send(2, SendOptions.create());
                    workload.send(2, SendOptions.create().delay(Duration.ofMinutes(1)));
                }))
                .isEmpty();
    }

    @Test
    void withDurabilityPowerTheFolderOfTheFirstRetryLastsToo() throws Exception {
        assertThat(lostWithFolders(workload -> {
                    workload.send(2, SendOptions.create());
                    workload.failSecond(workload.claim());
                }))
                .isEmpty();
    }

    private interface Script {
        void run(Workload workload) throws Exception;
    }

    private List<String> lostWithFolders(Script script) throws Exception {
        Path folder = Files.createDirectory(temp.resolve("new"));
        PowerCutDisk machine = new PowerCutDisk(Files.createDirectory(temp.resolve("removed")));
        CrashDisk disk = CrashDisk.whenTold(machine);
        Ledger ledger = new Ledger();
        Workload workload = new Workload(folder, disk, ledger, Durability.POWER, Workload.Patience.NONE);
        workload.open();
        script.run(workload);
        disk.die();
        workload.deadLetter();
        machine.cutPowerAndForgetFolders();
        ledger.attemptsStartAnew();
        consumeAll(folder, ledger);
        return ledger.violations();
    }

    private record Outcome(List<String> violations, List<String> leftovers) {}

    private Outcome cutPower(int seed, Durability durability, UnaryOperator<Disk> variant) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        Path folder = temp.resolve("spool" + cuts++);
        Path removed = Files.createDirectory(temp.resolve("removed" + cuts));
        PowerCutDisk machine = new PowerCutDisk(removed);
        CrashDisk disk = CrashDisk.before(variant.apply(machine), 1 + random.nextInt(LATEST_CUT));
        Ledger ledger = new Ledger();
        Workload workload = new Workload(folder, disk, ledger, durability, Workload.Patience.NONE);
        try {
            workload.open();
            while (true) {
                doSomething(workload, random);
            }
        } catch (ProcessDiedException cut) {
            assertThat(disk.isDead()).isTrue();
        } finally {
            workload.deadLetter();
        }
        machine.cutPower(random);
        List<Due> due = SpoolFiles.due(folder);
        ledger.attemptsStartAnew();
        List<Delivery> deliveries = consumeAll(folder, ledger);
        List<String> violations = new ArrayList<>(ledger.violations());
        List<String> leftovers = SpoolFiles.leftovers(folder);
        for (Due batch : due) {
            if (deliveries.stream().noneMatch(delivery -> delivery.id().equals(batch.id()))
                    && leftovers.stream().noneMatch(file -> file.contains(batch.id()))) {
                violations.add("neither delivered nor set aside: " + batch);
            }
        }
        return new Outcome(violations, leftovers);
    }

    private static List<Delivery> consumeAll(Path folder, Ledger ledger) throws IOException, InterruptedException {
        try (NextProcess next = new NextProcess(folder, Workload.QUEUE)) {
            next.clearOwners().redrive();
            List<Delivery> deliveries = next.consumeAll();
            ledger.deliveredInTheEnd(deliveries);
            return deliveries;
        }
    }

    private static void doSomething(Workload workload, SplittableRandom random) throws Exception {
        workload.advance(Duration.ofMillis(random.nextInt(2000)));
        if (random.nextInt(2) == 0) {
            send(workload, random);
            return;
        }
        Optional<Held> claimed = workload.tryClaim();
        if (claimed.isEmpty()) {
            return;
        }
        Held held = claimed.get();
        switch (random.nextInt(8)) {
            case 0 -> workload.nack(held);
            case 1 -> workload.nackAtOnce(held);
            case 2 -> workload.checkpoint(held, 1 + random.nextInt(2));
            case 3 -> {
                workload.deadLetter(held);
                workload.redrive();
            }
            case 4 -> {
                if (held.batch().attempt() == 0) {
                    workload.failSecond(held);
                } else {
                    workload.ack(held);
                }
            }
            case 5 -> {
                // still being processed when the power goes
            }
            default -> workload.ack(held);
        }
    }

    private static void send(Workload workload, SplittableRandom random) throws Exception {
        SendOptions options = SendOptions.create().priority(random.nextInt(10));
        boolean delayed = random.nextInt(4) == 0;
        workload.send(1 + random.nextInt(4), delayed ? options.delay(Duration.ofSeconds(random.nextInt(5))) : options);
    }
}
