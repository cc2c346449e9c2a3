package io.turboqueue.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.ForwardingDisk;
import io.turboqueue.disk.LocalDisk;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.BatchName.Contents;
import io.turboqueue.layout.QueueFolder;
import io.turboqueue.layout.QueueName;
import io.turboqueue.time.ManualNanos;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class QueueCapacityTest {

    private static final long NO_LIMIT = Long.MAX_VALUE;

    @TempDir
    Path spool;

    private final ManualNanos clock = new ManualNanos();
    private int listings;
    private QueueFolder queue = new QueueFolder(Path.of("unset"), new QueueName("q"));

    @BeforeEach
    void nameQueueFolder() {
        queue = new QueueFolder(spool.resolve("q"), new QueueName("q"));
    }

    private class CountingDisk extends ForwardingDisk {
        @Override
        public void list(Path folder, Consumer<String> visitor) throws IOException {
            listings++;
            super.list(folder, visitor);
        }
    }

    private QueueCapacity room(Disk disk, long batches, long bytes) {
        return new QueueCapacity(disk, queue, new QueueCapacity.Limit(batches, bytes), clock);
    }

    private QueueCapacity room(long batches, long bytes) {
        return room(new CountingDisk(), batches, bytes);
    }

    private BatchName put(int priority, long due, long rows, long bytes) throws IOException {
        return put(new BatchName(priority, due, "b" + due, new Contents(rows, bytes, 0)));
    }

    private BatchName put(BatchName name) throws IOException {
        Files.createFile(queue.ensure(new LocalDisk(), BatchState.READY).resolve(name.format()));
        return name;
    }

    private List<String> ready() throws IOException {
        List<String> names = new ArrayList<>();
        new LocalDisk().list(queue.of(BatchState.READY), names::add);
        names.sort(null);
        return names;
    }

    @Test
    void batchesAreLetInUpToTheLimit() throws IOException {
        QueueCapacity room = room(3, NO_LIMIT);
        for (int i = 0; i < 3; i++) {
            assertThat(room.tryReserve(100)).as("batch %d", i).isTrue();
            put(5, i, 1, 4096);
        }

        assertThat(room.tryReserve(100)).isFalse();

        Files.delete(queue.of(BatchState.READY).resolve(ready().get(0)));
        assertThat(room.tryReserve(100)).isTrue();
    }

    @Test
    void aQueueWithoutAFolderHasAllTheRoomAndIsNotMade() throws IOException {
        QueueCapacity room = room(5, NO_LIMIT);

        assertThat(room.tryReserve(100)).isTrue();
        assertThat(room.dropOldest()).isZero();
        assertThat(queue.path()).doesNotExist();
    }

    @Test
    void oneCountServesForASixteenthOfTheRoom() throws IOException {
        for (int i = 0; i < 20; i++) {
            put(5, i, 1, 4096);
        }
        QueueCapacity room = room(180, NO_LIMIT);

        for (int i = 0; i < 10; i++) {
            assertThat(room.tryReserve(100)).isTrue();
        }
        assertThat(listings).isEqualTo(1);

        assertThat(room.tryReserve(100)).isTrue();
        assertThat(listings).isEqualTo(2);
    }

    @Test
    void oneCountServesForASixteenthOfTheBytesToo() throws IOException {
        QueueCapacity room = room(NO_LIMIT, 16_000);

        assertThat(room.tryReserve(400)).isTrue();
        assertThat(room.tryReserve(400)).isTrue();
        assertThat(listings).isEqualTo(1);

        assertThat(room.tryReserve(400)).isTrue();
        assertThat(listings).isEqualTo(2);
    }

    @Test
    void aBatchLargerThanTheRoomIsLetInWhileThereIsAny() throws IOException {
        put(5, 1, 1, 999);

        assertThat(room(NO_LIMIT, 1000).tryReserve(1_000_000)).isTrue();
        assertThat(room(NO_LIMIT, 999).tryReserve(1)).isFalse();
    }

    @Test
    void aCountIsUsedForATenthOfASecond() throws IOException {
        QueueCapacity room = room(1000, NO_LIMIT);
        room.tryReserve(100);

        clock.advance(Duration.ofMillis(100));
        room.tryReserve(100);
        assertThat(listings).isEqualTo(1);

        clock.advance(Duration.ofNanos(1));
        room.tryReserve(100);
        assertThat(listings).isEqualTo(2);
    }

    @Test
    void aCountThatTookLongIsUsedTwentyTimesAsLong() throws IOException {
        put(5, 1, 1, 10);
        QueueCapacity room = room(
                new CountingDisk() {
                    @Override
                    public void list(Path folder, Consumer<String> visitor) throws IOException {
                        clock.advance(Duration.ofMillis(50));
                        super.list(folder, visitor);
                    }
                },
                1000,
                NO_LIMIT);
        room.tryReserve(100);

        clock.advance(Duration.ofSeconds(1));
        room.tryReserve(100);
        assertThat(listings).isEqualTo(1);

        clock.advance(Duration.ofNanos(1));
        room.tryReserve(100);
        assertThat(listings).isEqualTo(2);
    }

    @Test
    void roomThatWasMadeIsFoundAtOnceByWhoeverHadNone() throws IOException {
        BatchName only = put(5, 1, 1, 10);
        QueueCapacity room = room(1, NO_LIMIT);
        assertThat(room.tryReserve(100)).isFalse();

        Files.delete(queue.of(BatchState.READY, only));

        assertThat(room.tryReserve(100)).isTrue();
    }

    @Test
    void bytesLimitAsWellAsBatches() throws IOException {
        put(5, 1, 10, 600);
        QueueCapacity room = room(NO_LIMIT, 1000);
        assertThat(room.tryReserve(100)).isTrue();

        put(5, 2, 10, 399);
        assertThat(room.tryReserve(100)).as("999 of 1000 bytes").isTrue();

        put(5, 3, 10, 1);
        assertThat(room.tryReserve(100)).as("1000 of 1000 bytes").isFalse();
    }

    @Test
    void batchesOfOtherProgramsCountAsBatchesWithoutBytes() throws IOException {
        put(new BatchName(5, 1, "by-hand", null));

        assertThat(room(1, NO_LIMIT).tryReserve(100)).isFalse();
        assertThat(room(2, 1).tryReserve(100)).isTrue();
    }

    @Test
    void whatIsNoBatchTakesNoRoom() throws IOException {
        Files.createFile(queue.ensure(new LocalDisk(), BatchState.READY).resolve("note.txt"));

        assertThat(room(1, NO_LIMIT).tryReserve(100)).isTrue();
    }

    @Test
    void dropOldestDeletesTheOldestOfTheLeastUrgentUntilThereIsRoomForOne() throws IOException {
        BatchName urgent = put(0, 1, 7, 10);
        put(5, 2, 5, 10);
        BatchName newer = put(5, 3, 3, 10);
        BatchName newest = put(5, 4, 2, 10);
        put(9, 5, 20, 10);
        QueueCapacity room = room(4, NO_LIMIT);

        long dropped = room.dropOldest();

        assertThat(dropped).isEqualTo(20 + 5);
        assertThat(ready()).containsExactly(urgent.format(), newer.format(), newest.format());
        assertThat(room.tryReserve(100)).isTrue();
    }

    @Test
    void urgentBatchesAreDroppedOnlyWhenNothingElseIsLeft() throws IOException {
        put(0, 1, 1, 10);
        put(0, 2, 2, 10);
        put(9, 3, 4, 10);
        put(9, 4, 8, 10);

        assertThat(room(2, NO_LIMIT).dropOldest()).isEqualTo(4 + 8 + 1);
        assertThat(ready()).hasSize(1).allMatch(name -> name.startsWith("0-"));
    }

    @Test
    void aFolderWithABatchsNameKeepsNothingElseFromBeingDropped() throws IOException {
        for (int i = 0; i < 100; i++) {
            Path folder = queue.of(BatchState.READY, new BatchName(5, i, "folder", null));
            Files.createDirectories(folder.resolve("precious"));
        }
        put(5, 1000, 7, 10);
        put(5, 1001, 5, 10);
        BatchName last = put(5, 1002, 3, 10);

        assertThat(room(2, NO_LIMIT).dropOldest()).isEqualTo(7 + 5);
        assertThat(ready()).hasSize(101).contains(last.format());
    }

    @Test
    void aFileThatCannotBeDeletedKeepsNothingElseFromBeingDropped() throws IOException {
        BatchName stuck = put(5, 1, 7, 10);
        put(5, 2, 5, 10);
        Disk refusing = new ForwardingDisk() {
            @Override
            public boolean unlink(Path path) throws IOException {
                if (path.endsWith(stuck.format())) {
                    throw new IOException("Operation not permitted");
                }
                return super.unlink(path);
            }
        };

        assertThat(room(refusing, 2, NO_LIMIT).dropOldest()).isEqualTo(5);
        assertThat(ready()).containsExactly(stuck.format());
        assertThatThrownBy(() -> room(refusing, 1, NO_LIMIT).dropOldest())
                .as("nothing else is left")
                .hasMessage("Operation not permitted");
    }

    @Test
    void dropOldestDeletesNothingWhileThereIsRoom() throws IOException {
        put(5, 1, 5, 10);

        assertThat(room(2, 100).dropOldest()).isZero();
        assertThat(ready()).hasSize(1);
    }

    @Test
    void dropOldestWorksByBytes() throws IOException {
        put(5, 1, 1, 400);
        put(5, 2, 2, 400);
        BatchName last = put(5, 3, 4, 400);

        assertThat(room(NO_LIMIT, 800).dropOldest()).isEqualTo(1 + 2);
        assertThat(ready()).containsExactly(last.format());
    }

    @Test
    void aSingleBatchLargerThanTheLimitIsDropped() throws IOException {
        put(5, 1, 3, 5000);

        assertThat(room(NO_LIMIT, 1000).dropOldest()).isEqualTo(3);
        assertThat(ready()).isEmpty();
    }

    @Test
    void onlyMessagesNotYetDoneCountAsDropped() throws IOException {
        put(new BatchName(5, 1, "half-done", new Contents(10, 100, 0), new BatchName.History(1, 0, 0, 4, false)));

        assertThat(room(1, NO_LIMIT).dropOldest()).isEqualTo(6);
    }

    @Test
    void dropOldestGoesOnUntilThereIsRoomHoweverManyItTakes() throws IOException {
        for (int i = 0; i < 200; i++) {
            put(i % 10, i, 1, 10);
        }

        assertThat(room(10, NO_LIMIT).dropOldest()).isEqualTo(191);
        assertThat(ready()).hasSize(9).allMatch(name -> name.startsWith("0-"));
    }

    @Test
    void aBatchThatAConsumerClaimedMeanwhileDoesNotCountAsDropped() throws IOException {
        BatchName first = put(5, 1, 100, 10);
        put(5, 2, 1, 10);
        put(5, 3, 1, 10);
        Disk disk = new ForwardingDisk() {
            private boolean claimed;

            @Override
            public boolean unlink(Path path) throws IOException {
                if (!claimed) {
                    claimed = true;
                    Files.delete(queue.of(BatchState.READY, first));
                }
                return super.unlink(path);
            }
        };

        assertThat(room(disk, 3, NO_LIMIT).dropOldest()).isZero();
        assertThat(ready()).hasSize(2);
    }
}
