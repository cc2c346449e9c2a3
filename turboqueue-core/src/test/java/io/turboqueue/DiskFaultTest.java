package io.turboqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.turboqueue.Workload.Call;
import io.turboqueue.Workload.Held;
import io.turboqueue.Workload.Patience;
import io.turboqueue.disk.Disk;
import io.turboqueue.disk.FaultyDisk;
import io.turboqueue.disk.ForgetfulDisk;
import io.turboqueue.waiting.DirectorySignal;
import io.turboqueue.waiting.DirectoryWatcher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each operation on the disk fails in turn, in all that can be done with a queue; every failed call is made again. */
class DiskFaultTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int TRIES = 10;
    private static final int MESSAGES = 17;

    @TempDir
    Path temp;

    private DirectorySignal watch;
    private int runs;

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
    void oneFailedOperationLosesNothingAndEverythingWorksAgain() throws Exception {
        assertThat(problems(FaultyDisk::once, this::runAll)).isEmpty();
    }

    @Test
    void aDiskThatFailsUntilItIsRepairedLosesNothingAndEverythingWorksAgain() throws Exception {
        assertThat(problems(FaultyDisk::from, this::runAll)).isEmpty();
    }

    @Test
    void aDiskThatFailsWhenAnOwnerDirectoryIsLeftLosesNothing() throws Exception {
        assertThat(problems(FaultyDisk::once, this::runShort)).isEmpty();
        assertThat(problems(FaultyDisk::from, this::runShort)).isEmpty();
    }

    private interface Faults {
        FaultyDisk at(Disk disk, int operation);
    }

    private interface Script {
        void run(Workload workload, List<String> problems) throws Exception;
    }

    /** Lets one operation after the other fail, until a run has fewer than that. */
    private List<String> problems(Faults faults, Script script) throws Exception {
        List<String> problems = new ArrayList<>();
        for (int n = 1; ; n++) {
            FaultyDisk disk = faults.at(ForgetfulDisk.withoutSyncs(), n);
            List<String> found = run(disk, script);
            String fault = disk.fault();
            String when = fault == null ? "nothing failed: " : "operation " + n + " failed, " + fault + ": ";
            found.forEach(problem -> problems.add(when + problem));
            if (fault == null) {
                return problems;
            }
        }
    }

    private List<String> run(FaultyDisk disk, Script script) throws Exception {
        Path folder = temp.resolve("spool" + runs++);
        Ledger ledger = new Ledger();
        List<String> problems = ledger.violations();
        Workload workload = new Workload(folder, disk, ledger, Durability.POWER, patience(disk));
        try {
            script.run(workload, problems);
        } catch (AssertionError | ConditionTimeoutException broken) {
            problems.add(broken.toString());
            disk.heal();
        }
        workload.close();
        if (SpoolFiles.leftovers(folder).isEmpty()) {
            ledger.deliveredInTheEnd(List.of());
        } else {
            problems.addAll(clearAndConsume(folder, ledger));
        }
        if (disk.forEver() && String.valueOf(disk.fault()).startsWith("SYNC_FOLDER")) {
            // a batch whose folder sync failed is taken back; when that fails too, publishing it again makes it two
            problems.removeIf(problem -> problem.matches("(published twice|delivered again), .*"));
        }
        return problems;
    }

    private static List<String> clearAndConsume(Path folder, Ledger ledger) throws Exception {
        List<String> problems = new ArrayList<>();
        try (NextProcess next = new NextProcess(folder, Workload.QUEUE)) {
            next.clearOwners().redrive();
            ledger.deliveredInTheEnd(next.consumeAll());
        } catch (ConditionTimeoutException stuck) {
            problems.add(stuck.toString());
        }
        List<String> left = SpoolFiles.leftovers(folder);
        if (!left.isEmpty()) {
            problems.add("left in the spool: " + left);
        }
        return problems;
    }

    private void runAll(Workload workload, List<String> problems) throws Exception {
        Held last = workload.runAll();
        if (workload.publishedMessages() != MESSAGES) {
            problems.add("the producer counts " + workload.publishedMessages() + " messages, not " + MESSAGES);
        }
        await("just one batch is claimed: the one that is being processed")
                .atMost(PATIENCE)
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> {
                    workload.advance(Duration.ofSeconds(2));
                    return workload.stats().claimed().batches() == 1;
                });
        workload.ack(last);
        workload.drain();
    }

    private void runShort(Workload workload, List<String> problems) throws Exception {
        workload.runShort();
    }

    /** Tries again, with the disk repaired when a call failed twice. */
    private static Patience patience(FaultyDisk disk) {
        return new Patience() {
            @Override
            public Duration recoveryInterval() {
                return Duration.ofMillis(100);
            }

            @Override
            public <T> T insist(Call<T> call, HandClock clock) throws InterruptedException {
                for (int tries = 1; ; tries++) {
                    try {
                        return call.run();
                    } catch (ClaimLostException lost) {
                        throw new AssertionError(lost);
                    } catch (IOException failed) {
                        if (tries == TRIES) {
                            throw new AssertionError("it still fails, but the disk works again", failed);
                        } else if (tries == 2) {
                            disk.heal();
                        }
                        clock.advance(Duration.ofMinutes(1));
                    }
                }
            }
        };
    }
}
