package io.turboqueue;

import static io.turboqueue.TestSpool.claim;
import static io.turboqueue.TestSpool.config;
import static io.turboqueue.TestSpool.payloads;
import static io.turboqueue.TestSpool.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the upkeep thread does for claims of this process: with real time, since that thread goes by it. */
class TakeBackTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path temp;

    private final ProbeDisk disk = new ProbeDisk().watchingAllThreads();
    private Spool spool;

    @BeforeEach
    void open() throws IOException {
        spool = Spool.builder(temp.resolve("spool"))
                .config(QueueConfig.builder()
                        .recoveryInterval(Duration.ofMillis(100))
                        .build())
                .disk(disk)
                .open();
    }

    @AfterEach
    void close() throws IOException {
        spool.close();
    }

    private TurboQueue<String> queue(String name, String... settings) throws IOException {
        return spool.queue(name, Codecs.utf8(), config(settings));
    }

    @Test
    void aClaimHeldForTooLongIsTakenBackAndItsOwnerToldAtTheAck() throws Exception {
        TurboQueue<String> queue = queue("q", "delivery.maxProcessingTime=100ms");
        publish(queue, "a");
        try (QueueConsumer<String> consumer = queue.consumer()) {
            ClaimedBatch<String> slow = claim(consumer);
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> queue.inspector().stats().ready().batches() == 1);
            assertThatThrownBy(slow::ack).isInstanceOf(ClaimLostException.class).hasMessageContaining(slow.id());

            ClaimedBatch<String> again = claim(consumer);
            assertThat(again.id()).isEqualTo(slow.id());
            assertThat(again.attempt()).isEqualTo(1);
        }
    }

    @Test
    void whoLostItsClaimCannotRetryMessagesFromIt() throws Exception {
        TurboQueue<String> queue = queue("q", "delivery.maxProcessingTime=100ms");
        publish(queue, "a");
        try (QueueConsumer<String> consumer = queue.consumer()) {
            ClaimedBatch<String> slow = claim(consumer);
            slow.fail(slow.iterator().next(), new IOException("no"));
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> queue.inspector().stats().ready().batches() == 1);
            assertThatThrownBy(slow::ack).isInstanceOf(ClaimLostException.class);
            assertThat(queue.inspector().stats().delayed().batches()).isZero();
        }
    }

    @Test
    void aSlowOwnerKeepsItsClaimIfItsQueueHasNoLimit() throws Exception {
        TurboQueue<String> limited = queue("limited", "delivery.maxProcessingTime=100ms");
        TurboQueue<String> free = queue("free");
        publish(limited, "a");
        publish(free, "b");
        try (QueueConsumer<String> freeConsumer = free.consumer();
                QueueConsumer<String> limitedConsumer = limited.consumer()) {
            ClaimedBatch<String> kept = claim(freeConsumer);
            claim(limitedConsumer);
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> limited.inspector().stats().ready().batches() == 1);
            kept.ack();
        }
        assertThat(free.inspector().stats().ready().batches()).isZero();
    }

    @Test
    void eachQueueHasItsOwnLimitWhicheverWasOpenedFirst() throws Exception {
        TurboQueue<String> patient = queue("patient", "delivery.maxProcessingTime=10d");
        TurboQueue<String> strict = queue("strict", "delivery.maxProcessingTime=100ms");
        publish(patient, "a");
        publish(strict, "b");
        try (QueueConsumer<String> patientConsumer = patient.consumer();
                QueueConsumer<String> strictConsumer = strict.consumer()) {
            ClaimedBatch<String> kept = claim(patientConsumer);
            claim(strictConsumer);
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> strict.inspector().stats().ready().batches() == 1);
            kept.ack();
        }
    }

    @Test
    void aClaimTakenBackAtTheLimitThatOnlyTheCodeKnowsIsADeadLetter() throws Exception {
        TurboQueue<String> strict = queue("q", "delivery.maxProcessingTime=100ms", "delivery.maxAttempts=1");
        publish(strict, "a");
        try (QueueConsumer<String> consumer = strict.consumer()) {
            claim(consumer);
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> strict.inspector().stats().dead().batches() == 1);
        }
        assertThat(SpoolOnDisk.only(new SpoolOnDisk(spool.folder()).dead("q")).toString())
                .endsWith(".a1.f1~attempts.db");
    }

    @Test
    void aStrayFileAmongTheOwnersDisturbsNobody() throws Exception {
        Path stray = Files.writeString(spool.folder().resolve("owners/notes.txt"), "who put this here?");
        TurboQueue<String> queue = queue("q", "delivery.maxProcessingTime=100ms");
        publish(queue, "a");
        try (QueueConsumer<String> consumer = queue.consumer()) {
            claim(consumer);
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> queue.inspector().stats().ready().batches() == 1);
            assertThat(payloads(claim(consumer))).containsExactly("a");
        }
        assertThat(stray).hasContent("who put this here?");
    }

    @Test
    void nobodyLooksForOverdueClaimsInASpoolThatIsGone() throws Exception {
        try (LogLines log = LogLines.start()) {
            queue("q", "delivery.maxProcessingTime=100ms").consumer();
            Path owners = spool.folder().resolve("owners");
            Files.move(owners, temp.resolve("elsewhere"));
            Awaitility.await().atMost(PATIENCE).until(() -> !log.with("no more looking for overdue claims")
                    .isEmpty());
            Files.move(temp.resolve("elsewhere"), owners);
        }
    }

    @Test
    void aBatchWhoseCloseFailedIsGivenBackOnceTheDiskWorks() throws Exception {
        TurboQueue<String> queue = queue("q");
        publish(queue, "a");
        try (QueueConsumer<String> consumer = queue.consumer()) {
            ClaimedBatch<String> batch = claim(consumer);
            disk.breakAll(step -> step.op() == ProbeDisk.Op.RENAME);
            assertThatThrownBy(batch::close).isInstanceOf(IOException.class).hasMessageStartingWith("broken disk");
            assertThatThrownBy(batch::ack)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("batch " + batch.id() + " was given back already");
            disk.repair();
            ClaimedBatch<String> again = consumer.poll(PATIENCE).orElseThrow();
            assertThat(again.id()).isEqualTo(batch.id());
            assertThat(again.attempt()).isEqualTo(1);
        }
    }

    @Test
    void aClaimThatCouldNeitherBeOpenedNorGivenBackIsDeliveredOnceTheDiskWorks() throws Exception {
        TurboQueue<String> queue = queue("q");
        publish(queue, "a");
        try (QueueConsumer<String> consumer = queue.consumer()) {
            disk.breakAll(step -> step.is(ProbeDisk.Op.OPEN, "claimed~")
                    || step.is(ProbeDisk.Op.CREATE_FOLDER, "/delayed")
                    || step.is(ProbeDisk.Op.RENAME, "/delayed/"));
            assertThatThrownBy(() -> consumer.poll(Duration.ZERO))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("broken disk");
            disk.repair();
            ClaimedBatch<String> batch = consumer.poll(PATIENCE).orElseThrow();
            assertThat(payloads(batch)).containsExactly("a");
            batch.ack();
        }
    }
}
