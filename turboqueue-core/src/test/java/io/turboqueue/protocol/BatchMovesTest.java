package io.turboqueue.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.LocalDisk;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.DeadName;
import io.turboqueue.layout.QueueFolder;
import io.turboqueue.layout.QueueName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchMovesTest {

    private static final long NOW = 1_795_262_400_000L;
    private static final BatchName BATCH = new BatchName(
            5,
            NOW,
            "x9k2m4q7d3w5a-00000001",
            new BatchName.Contents(3, 8192, 7),
            new BatchName.History(2, 1, 1, 1, true));
    private static final DeadName DEAD = new DeadName(BATCH, "attempts");

    @TempDir
    Path temp;

    private final Disk disk = new LocalDisk();
    private final BatchMoves moves = new BatchMoves(disk);
    private QueueFolder queue;

    @BeforeEach
    void queue() {
        queue = folder("flights");
    }

    private QueueFolder folder(String name) {
        return new QueueFolder(temp.resolve(name), new QueueName(name));
    }

    private void put(BatchState state, String name) throws IOException {
        Files.writeString(queue.ensure(disk, state).resolve(name), "batch");
    }

    private List<String> files() throws IOException {
        try (Stream<Path> tree = Files.walk(temp)) {
            return tree.filter(Files::isRegularFile)
                    .map(path -> temp.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aHeldBatchComesBackByItsDueTime() throws IOException {
        put(BatchState.READY, BATCH.format());

        assertThat(moves.hold(queue, BatchState.READY, BATCH)).isTrue();
        assertThat(files()).containsExactly("flights/held/" + BATCH.format());
        assertThat(moves.release(queue, BATCH, NOW)).isTrue();
        assertThat(files()).containsExactly("flights/ready/" + BATCH.format());

        moves.hold(queue, BatchState.READY, BATCH);
        assertThat(moves.release(queue, BATCH, NOW - 1)).isTrue();
        assertThat(files()).containsExactly("flights/delayed/" + BATCH.format());
    }

    @Test
    void aRedrivenBatchHasNoDeliveriesAndKeepsWhatIsDone() throws IOException {
        put(BatchState.DEAD, DEAD.format());

        assertThat(moves.redrive(queue, DEAD)).isTrue();
        assertThat(files()).containsExactly("flights/ready/" + BATCH.redriven().format());
    }

    @Test
    void aMarkChangesTheReasonOnly() throws IOException {
        put(BatchState.DEAD, DEAD.format());

        assertThat(moves.mark(queue, DEAD, "attempts-salvaged")).isTrue();
        assertThat(files()).containsExactly("flights/dead/" + new DeadName(BATCH, "attempts-salvaged").format());
    }

    @Test
    void aMoveKeepsStateAndName() throws IOException {
        put(BatchState.DEAD, DEAD.format());

        assertThat(moves.move(queue, BatchState.DEAD, DEAD.format(), folder("mails")))
                .isTrue();
        assertThat(files()).containsExactly("mails/dead/" + DEAD.format());
    }

    @Test
    void aLostRaceIsFalseAndMakesNothing() throws IOException {
        assertThat(moves.hold(queue, BatchState.READY, BATCH)).isFalse();
        assertThat(moves.release(queue, BATCH, NOW)).isFalse();
        assertThat(moves.redrive(queue, DEAD)).isFalse();
        assertThat(moves.mark(queue, DEAD, "other")).isFalse();
        assertThat(moves.move(queue, BatchState.READY, BATCH.format(), folder("mails")))
                .isFalse();
        assertThat(moves.delete(queue.of(BatchState.READY, BATCH))).isFalse();
        assertThat(moves.resume(queue)).isFalse();
        try (Stream<Path> made = Files.list(temp)) {
            assertThat(made).isEmpty();
        }
    }

    @Test
    void aDeletedBatchIsGone() throws IOException {
        put(BatchState.READY, BATCH.format());

        assertThat(moves.delete(queue.of(BatchState.READY, BATCH))).isTrue();
        assertThat(files()).isEmpty();
    }

    @Test
    void pausingTwiceIsOnce() throws IOException {
        assertThat(moves.pause(queue)).isTrue();
        assertThat(moves.pause(queue)).isFalse();
        assertThat(queue.isPaused(disk)).isTrue();
        assertThat(moves.resume(queue)).isTrue();
        assertThat(queue.isPaused(disk)).isFalse();
    }

    @Test
    void anEmptyQueueIsRemovedWithItsSettings() throws IOException {
        queue.ensure(disk, BatchState.READY);
        Files.writeString(queue.config(), "{}");
        moves.pause(queue);

        assertThat(moves.removeQueue(queue)).isEmpty();
        assertThat(Files.exists(queue.path())).isFalse();
    }

    @Test
    void aQueueWithBatchesOrStrangersIsNotRemoved() throws IOException {
        put(BatchState.READY, BATCH.format());
        Files.writeString(queue.config(), "{}");

        assertThat(moves.removeQueue(queue)).contains("ready/" + BATCH.format());
        Files.writeString(queue.path().resolve("notes.txt"), "mine");
        assertThat(moves.stranger(queue)).contains("notes.txt");
        assertThat(moves.removeQueue(queue)).contains("notes.txt");
        assertThat(files()).contains("flights/queue.json", "flights/ready/" + BATCH.format());
    }
}
