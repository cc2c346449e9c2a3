package io.turboqueue;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.disk.LocalDisk;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.DeadName;
import io.turboqueue.layout.QueueFolder;
import io.turboqueue.layout.QueueName;
import io.turboqueue.layout.SpoolFolder;
import io.turboqueue.protocol.BatchMoves;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A batch with a second name, as {@code cp -al} makes it: no step reports a move that did not happen. */
class RestoredByHardLinkTest {

    @TempDir
    Path temp;

    private TestSpool spool;
    private TurboQueue<String> queue;
    private QueueConsumer<String> consumer;
    private final BatchMoves moves = new BatchMoves(new LocalDisk());

    @BeforeEach
    void open() throws Exception {
        spool = new TestSpool(temp);
        queue = spool.queue();
        consumer = queue.consumer();
        TestSpool.publish(queue, "a");
    }

    @AfterEach
    void close() throws Exception {
        spool.close();
    }

    private Path ready() {
        return spool.files().ready("q");
    }

    private QueueFolder folder() throws IOException {
        return new SpoolFolder(spool.spool().folder()).queue(new QueueName("q"));
    }

    private BatchName only(BatchState state) throws IOException {
        return BatchName.parse(
                        SpoolOnDisk.only(folder().of(state)).getFileName().toString())
                .orElseThrow();
    }

    /** Gives a file a second name, where the next step will want to move it. */
    private static void link(Path file, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        Files.createLink(to, file);
    }

    private void assertNothingIsLeft() throws Exception {
        assertThat(spool.files().onOwners()).isEmpty();
        assertThat(TestSpool.drain(queue)).isEmpty();
    }

    @Test
    void aBatchRestoredAfterItsAckIsDeliveredOnceMoreAndThenDone() throws Exception {
        Path batch = SpoolOnDisk.only(ready());
        Path backup = Files.createLink(temp.resolve("backup"), batch);
        TestSpool.claim(consumer).ack();
        link(backup, batch);
        TestSpool.claim(consumer).ack();

        assertNothingIsLeft();
        assertThat(backup).exists();
        assertThat(SpoolOnDisk.names(spool.files().queue("q").resolve("free"))).isEmpty();
    }

    @Test
    void aBatchRestoredWhileItsFileIsFreeIsDeliveredOnceMoreAndThenDone() throws Exception {
        Path batch = SpoolOnDisk.only(ready());
        TestSpool.claim(consumer).ack();
        link(SpoolOnDisk.only(spool.files().queue("q").resolve("free")), batch);
        TestSpool.claim(consumer).ack();

        assertNothingIsLeft();
    }

    @Test
    void aBatchThatIsGivenBackBesideItsOtherNameHasOneNameThen() throws Exception {
        Path batch = SpoolOnDisk.only(ready());
        ClaimedBatch<String> claimed = TestSpool.claim(consumer);
        link(spool.files().onlyClaim(), batch);
        claimed.release();

        assertThat(SpoolOnDisk.names(ready())).hasSize(1);
        assertThat(TestSpool.drain(queue)).containsExactly("a");
        assertNothingIsLeft();
    }

    @Test
    void aRetryBesideItsOtherNameHasOneNameThen() throws Exception {
        BatchName batch = only(BatchState.READY);
        ClaimedBatch<String> claimed = TestSpool.claim(consumer);
        link(spool.files().onlyClaim(), folder().of(BatchState.READY, batch.failed()));
        claimed.nack(Duration.ZERO);

        assertThat(TestSpool.drain(queue)).containsExactly("a");
        assertNothingIsLeft();
    }

    @Test
    void aDeadLetterBesideItsOtherNameHasOneNameThen() throws Exception {
        BatchName batch = only(BatchState.READY);
        ClaimedBatch<String> claimed = TestSpool.claim(consumer);
        link(spool.files().onlyClaim(), folder().dead(new DeadName(batch.failed(), "bad")));
        claimed.deadLetter("bad");

        assertThat(SpoolOnDisk.names(spool.files().dead("q"))).hasSize(1);
        assertNothingIsLeft();
    }

    @Test
    void aBatchThatIsPromotedBesideItsOtherNameHasOneNameThen() throws Exception {
        BatchName batch = only(BatchState.READY);
        link(folder().of(BatchState.READY, batch), folder().of(BatchState.DELAYED, batch));

        assertThat(TestSpool.drain(queue)).containsExactly("a");
        assertThat(SpoolOnDisk.names(spool.files().later("q"))).isEmpty();
        assertNothingIsLeft();
    }

    @Test
    void whatAnOperatorMovesHasOneNameThen() throws Exception {
        BatchName batch = only(BatchState.READY);
        DeadName dead = new DeadName(batch, "bad");
        Path ready = folder().of(BatchState.READY, batch);

        link(ready, folder().of(BatchState.HELD, batch));
        assertThat(moves.hold(folder(), BatchState.READY, batch)).isTrue();
        assertThat(ready).doesNotExist();

        link(folder().of(BatchState.HELD, batch), ready);
        assertThat(moves.release(folder(), batch, Long.MAX_VALUE)).isTrue();
        assertThat(SpoolOnDisk.names(folder().of(BatchState.HELD))).isEmpty();

        link(ready, folder().dead(dead));
        assertThat(moves.redrive(folder(), dead)).isTrue();
        assertThat(SpoolOnDisk.names(folder().of(BatchState.DEAD))).isEmpty();

        QueueFolder other = new SpoolFolder(spool.spool().folder()).queue(new QueueName("other"));
        link(ready, other.of(BatchState.READY, batch));
        assertThat(moves.move(folder(), BatchState.READY, batch.format(), other))
                .isTrue();
        assertThat(List.of(SpoolOnDisk.names(ready()), SpoolOnDisk.names(other.of(BatchState.READY))))
                .containsExactly(List.of(), List.of(batch.format()));
    }

    @Test
    void anotherFileOfTheSameNameAsTheSourceIsNotRemoved() throws Exception {
        BatchName batch = only(BatchState.READY);
        Path copy = Files.copy(folder().of(BatchState.READY, batch), temp.resolve("copy"));
        link(copy, folder().of(BatchState.HELD, batch));

        assertThat(moves.hold(folder(), BatchState.READY, batch)).isTrue();
        assertThat(SpoolOnDisk.names(folder().of(BatchState.HELD))).hasSize(1);
    }

    @Test
    void aDeadOwnersClaimThatIsBackAlreadyHasOneNameThen() throws Exception {
        BatchName batch = only(BatchState.READY);
        ClaimedBatch<String> claimed = TestSpool.claim(consumer);
        assertThat(claimed.size()).isEqualTo(1);
        link(spool.files().onlyClaim(), folder().of(BatchState.READY, batch.died()));
        spool.close();

        try (Spool next = Spool.open(spool.spool().folder())) {
            assertThat(TestSpool.drain(next.queue("q", Codecs.utf8()))).containsExactly("a");
        }
        assertThat(spool.files().onOwners()).isEmpty();
    }
}
