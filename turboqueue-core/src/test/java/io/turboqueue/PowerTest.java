package io.turboqueue;

import static io.turboqueue.TestSpool.claim;
import static io.turboqueue.TestSpool.drain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turboqueue.ProbeDisk.Op;
import io.turboqueue.ProbeDisk.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What must have happened to the disk when a publish returns. */
class PowerTest {

    @TempDir
    Path temp;

    private TestSpool spool;

    @BeforeEach
    void open() throws Exception {
        spool = new TestSpool(temp);
    }

    @AfterEach
    void close() throws IOException {
        spool.disk().repair();
        spool.close();
    }

    private List<Step> stepsOfAFlush(TurboQueue<String> queue) throws Exception {
        try (QueueProducer<String> producer = queue.producer()) {
            producer.send("a");
            spool.disk().takeSteps();
            producer.flush();
            return spool.disk().takeSteps();
        }
    }

    private static int indexOf(List<Step> steps, Predicate<Step> which) {
        for (int i = 0; i < steps.size(); i++) {
            if (which.test(steps.get(i))) {
                return i;
            }
        }
        throw new AssertionError("no such step: " + steps);
    }

    private static boolean isSync(Step step) {
        return step.op() == Op.SYNC_FILE || step.op() == Op.SYNC_FOLDER;
    }

    @Test
    void theFileIsSyncedBeforeItsRenameAndTheFolderAfterIt() throws Exception {
        List<Step> steps = stepsOfAFlush(spool.queue("durability=power"));
        Path ready = spool.files().ready("q");

        int file = indexOf(steps, step -> step.is(Op.SYNC_FILE, "/loading~q~"));
        int rename = indexOf(steps, step -> step.is(Op.RENAME, "/ready/"));
        int folder = indexOf(
                steps, step -> step.op() == Op.SYNC_FOLDER && step.path().equals(ready));
        assertThat(file).isLessThan(rename);
        assertThat(rename).isLessThan(folder);
    }

    @Test
    void foldersMadeForTheFirstBatchAreSyncedIntoTheirParents() throws Exception {
        List<Step> steps = stepsOfAFlush(spool.queue("durability=power"));
        assertThat(steps).contains(new Step(Op.CREATE_FOLDER, spool.files().queue("q")));

        assertThat(steps)
                .as("ready/ in the queue's folder, the queue's folder in the spool")
                .contains(
                        new Step(Op.SYNC_FOLDER, spool.files().queue("q")),
                        new Step(Op.SYNC_FOLDER, spool.spool().folder()));
    }

    @Test
    void laterBatchesCostTwoSyncs() throws Exception {
        try (QueueProducer<String> producer = spool.queue("durability=power").producer()) {
            producer.send("a");
            producer.flush();
            producer.send("b");
            spool.disk().takeSteps();
            producer.flush();
        }
        assertThat(spool.disk().takeSteps()).filteredOn(PowerTest::isSync).hasSize(2);
    }

    @Test
    void byDefaultNothingIsSynced() throws Exception {
        assertThat(stepsOfAFlush(spool.queue())).noneMatch(PowerTest::isSync);
    }

    @Test
    void aDelayedBatchIsSyncedIntoItsOwnFolder() throws Exception {
        TurboQueue<String> queue = spool.queue("durability=power");
        try (QueueProducer<String> producer = queue.producer()) {
            producer.send("a", SendOptions.create().delay(Duration.ofHours(1)));
            spool.disk().takeSteps();
            producer.flush();
        }
        List<Step> steps = spool.disk().takeSteps();
        int rename = indexOf(steps, step -> step.is(Op.RENAME, "/delayed/"));
        int folder = indexOf(steps, step -> step.is(Op.SYNC_FOLDER, "/q/delayed"));
        assertThat(indexOf(steps, step -> step.op() == Op.SYNC_FILE)).isLessThan(rename);
        assertThat(rename).isLessThan(folder);
    }

    @Test
    void aFailedSyncOfTheFileMeansNotPublished() throws Exception {
        assertNotPublishedIfBroken(step -> step.op() == Op.SYNC_FILE);
    }

    @Test
    void aFailedSyncOfTheFolderMeansNotPublished() throws Exception {
        assertNotPublishedIfBroken(step -> step.is(Op.SYNC_FOLDER, "/ready"));
    }

    private void assertNotPublishedIfBroken(Predicate<Step> sync) throws Exception {
        TurboQueue<String> queue = spool.queue("durability=power");
        QueueProducer<String> producer = queue.producer();
        producer.send("a");
        spool.disk().breakAll(sync);
        assertThatThrownBy(producer::flush).isInstanceOf(IOException.class).hasMessageStartingWith("broken disk: SYNC");
        assertThat(SpoolOnDisk.names(spool.files().ready("q"))).isEmpty();
        assertThat(spool.files().onOwners()).isEmpty();

        spool.disk().repair();
        producer.close();
        assertThat(drain(queue)).containsExactly("a");
    }

    @Test
    void theNextTryAfterAFailedSyncWritesANewFile() throws Exception {
        QueueProducer<String> producer = spool.queue("durability=power").producer();
        producer.send("a");
        spool.disk().breakAll(step -> step.op() == Op.SYNC_FILE);
        assertThatThrownBy(producer::flush).isInstanceOf(IOException.class);
        spool.disk().repair();
        spool.disk().takeSteps();
        producer.close();

        List<Step> steps = spool.disk().takeSteps();
        assertThat(indexOf(steps, step -> step.is(Op.CREATE, "/loading~")))
                .isLessThan(indexOf(steps, step -> step.op() == Op.SYNC_FILE));
    }

    @Test
    void aRetriedMessageIsSyncedBeforeItsBatchIsAcked() throws Exception {
        TurboQueue<String> queue = spool.queue("durability=power");
        stepsOfAFlush(queue);
        try (QueueConsumer<String> consumer = queue.consumer()) {
            ClaimedBatch<String> batch = claim(consumer);
            batch.fail(batch.iterator().next(), new IOException("no"));
            spool.disk().takeSteps();
            batch.ack();
        }
        List<Step> steps = spool.disk().takeSteps();
        int file = indexOf(steps, step -> step.op() == Op.SYNC_FILE);
        int rename = indexOf(steps, step -> step.is(Op.RENAME, "/delayed/"));
        int folder = indexOf(steps, step -> step.is(Op.SYNC_FOLDER, "/q/delayed"));
        int ack = indexOf(steps, step -> step.is(Op.RENAME, "/free/"));
        assertThat(List.of(file, rename, folder, ack)).isSorted();
    }
}
