package io.turboqueue;

import static io.turboqueue.TestSpool.claim;
import static io.turboqueue.TestSpool.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.turboqueue.cli.CliSpool;
import io.turboqueue.inspect.BatchFilter;
import io.turboqueue.inspect.BatchInfo;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.inspect.FlowRates;
import io.turboqueue.inspect.OwnerInfo;
import io.turboqueue.inspect.QueueStats;
import io.turboqueue.inspect.RecoveryResult;
import io.turboqueue.inspect.SpoolSnapshot;
import io.turboqueue.layout.QueueName;
import io.turboqueue.layout.SpoolFolder;
import io.turboqueue.scan.SpoolSampler;
import io.turboqueue.scan.SpoolScan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolInspectorTest {

    @TempDir
    Path temp;

    private TestSpool spool;
    private TurboQueue<String> queue;

    @BeforeEach
    void open() throws Exception {
        spool = new TestSpool(temp);
        queue = spool.queue();
    }

    @AfterEach
    void close() throws IOException {
        spool.close();
    }

    private SpoolInspector inspector() {
        return spool.spool().inspector();
    }

    @Test
    void aSnapshotCountsEveryQueueAndNamesTheOwners() throws Exception {
        publish(queue, "a", "b");
        publish(spool.spool().queue("other", Codecs.utf8()), "c");
        try (QueueConsumer<String> consumer = queue.consumer()) {
            ClaimedBatch<String> claimed = claim(consumer);

            SpoolSnapshot snapshot = inspector().snapshot();

            assertThat(snapshot.queues()).containsOnlyKeys("other", TestSpool.QUEUE);
            assertThat(of(snapshot, TestSpool.QUEUE).claimed().messages()).isEqualTo(2);
            assertThat(of(snapshot, "other").ready().messages()).isEqualTo(1);
            assertThat(snapshot.unreadable()).isEmpty();
            OwnerInfo owner = snapshot.owners().get(0);
            assertThat(owner.status()).isEqualTo(OwnerInfo.Status.ALIVE);
            assertThat(owner.pid()).isEqualTo(ProcessHandle.current().pid());
            assertThat(owner.claims()).extracting(BatchInfo::id).containsExactly(claimed.id());
            claimed.ack();
        }
    }

    private static QueueStats of(SpoolSnapshot snapshot, String name) {
        return Objects.requireNonNull(snapshot.queues().get(name));
    }

    @Test
    void aBatchIsDescribedByItsName() throws Exception {
        publish(queue, "a", "b");

        BatchInfo batch = inspector().batches(BatchFilter.all()).get(0);

        assertThat(batch.queue()).isEqualTo(TestSpool.QUEUE);
        assertThat(batch.state()).isEqualTo(BatchState.READY);
        assertThat(batch.messages()).isEqualTo(2);
        assertThat(batch.contents().bytes()).isPositive();
        assertThat(batch.delivery().attempts()).isZero();
        assertThat(batch.due()).isEqualTo(spool.time().instant());
        assertThat(batch.note()).isEmpty();
        assertThat(batch.file()).isRegularFile();
    }

    @Test
    void batchesOfOneQueueAreFilteredAndLimitedInTheOrderOfClaiming() throws Exception {
        publish(queue, "a");
        spool.time().advance(Duration.ofSeconds(1));
        publish(queue, "b");
        publish(spool.spool().queue("other", Codecs.utf8()), "c");

        List<BatchInfo> all = inspector().batches(TestSpool.QUEUE, BatchFilter.all());

        assertThat(all).hasSize(2);
        assertThat(all.get(0).due()).isBefore(all.get(1).due());
        assertThat(inspector().batches(TestSpool.QUEUE, BatchFilter.all().limit(1)))
                .containsExactly(all.get(0));
        assertThat(inspector().batches(BatchFilter.in(BatchState.DEAD))).isEmpty();
    }

    @Test
    void ratesFollowFromTheNumbersOfBatchesThatCameAndWent() throws Exception {
        SpoolScan scan =
                new SpoolScan(spool.disk(), new SpoolFolder(spool.spool().folder()));
        SpoolSampler sampler = new SpoolSampler(scan);
        List<QueueName> queues = List.of(new QueueName(TestSpool.QUEUE));
        try (QueueProducer<String> producer = queue.producer()) {
            send(producer);
            sampler.sample(queues, spool.time().instant(), 0);
            send(producer);
            TestSpool.drain(queue);
            send(producer);

            FlowRates rates =
                    Objects.requireNonNull(sampler.sample(queues, spool.time().instant(), TimeUnit.SECONDS.toNanos(2))
                            .rates()
                            .get(TestSpool.QUEUE));

            assertThat(rates.in()).isEqualTo(2, within(0.01)); // two batches of two messages in two seconds
            assertThat(rates.done()).isEqualTo(2, within(0.01));
            assertThat(rates.backlog()).isEqualTo(2);
        }
    }

    private static void send(QueueProducer<String> producer) throws Exception {
        producer.sendAll(List.of("x", "y"));
        producer.flush();
    }

    @Test
    void aBacklogThatShrinksHasAnEnd() {
        assertThat(new FlowRates(10, 30, 30, 100).emptyIn()).contains(Duration.ofSeconds(5));
        assertThat(new FlowRates(30, 30, 30, 100).emptyIn()).isEmpty();
        assertThat(new FlowRates(0, 0, 0, 0).emptyIn()).isEmpty();
    }

    @Test
    void aFolderThatIsNotASpoolIsRefusedAndStaysAsItIs() throws Exception {
        Path empty = Files.createDirectory(temp.resolve("empty"));

        assertThatThrownBy(() -> SpoolInspector.open(empty)).isInstanceOf(IOException.class);
        assertThat(empty).isEmptyDirectory();
    }

    @Test
    void whatDeadProcessesLeftIsRecoveredWithoutAnOwnerDirectory() throws Exception {
        CliSpool left = new CliSpool(Files.createDirectory(temp.resolve("left")));
        left.batch("flights", 1, "a").claimed(CliSpool.DEAD_OWNER);
        left.loading(CliSpool.DEAD_OWNER, "flights", 2);

        try (Spool other = Spool.open(left.folder())) {
            assertThat(other.inspector().owners())
                    .singleElement()
                    .matches(OwnerInfo::isDead)
                    .matches(owner -> owner.claims().size() == 1);
            assertThat(other.recover()).isEqualTo(new RecoveryResult(1, 1, 0, 1));
            assertThat(other.recover()).isEqualTo(RecoveryResult.NONE);
            assertThat(other.inspector().owners()).isEmpty();
            assertThat(other.inspector().stats("flights").ready().batches()).isEqualTo(1);
        }
    }
}
