package io.turboqueue.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.ForwardingDisk;
import io.turboqueue.disk.LocalDisk;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.QueueFolder;
import io.turboqueue.layout.QueueName;
import io.turboqueue.time.ManualNanos;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DelayedPromoterTest {

    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir
    Path spool;

    private final ManualNanos nanos = new ManualNanos();
    private Instant now = NOON;
    private int listings;
    private QueueFolder queue = new QueueFolder(Path.of("unset"), new QueueName("q"));

    /** Counts listings. */
    private class CountingDisk extends ForwardingDisk {
        @Override
        public void list(Path folder, Consumer<String> visitor) throws IOException {
            listings++;
            super.list(folder, visitor);
        }
    }

    @BeforeEach
    void makeQueueFolder() throws IOException {
        queue = new QueueFolder(spool.resolve("q"), new QueueName("q"));
        new LocalDisk().createFolder(queue.path());
    }

    private DelayedPromoter promoter(Disk disk) {
        return new DelayedPromoter(disk, queue, () -> now, nanos);
    }

    private DelayedPromoter promoter() {
        return promoter(new CountingDisk());
    }

    private static BatchName due(Duration afterNoon, String id) {
        return new BatchName(5, NOON.plus(afterNoon).toEpochMilli(), id, null);
    }

    private void put(BatchName... names) throws IOException {
        Path later = queue.ensure(new LocalDisk(), BatchState.DELAYED);
        for (BatchName name : names) {
            Files.createFile(later.resolve(name.format()));
        }
    }

    /** Time passes by both clocks. */
    private void advance(Duration time) {
        now = now.plus(time);
        nanos.advance(time);
    }

    private List<String> in(BatchState state) throws IOException {
        List<String> names = new ArrayList<>();
        if (Files.exists(queue.of(state))) {
            new LocalDisk().list(queue.of(state), names::add);
        }
        names.sort(null);
        return names;
    }

    @Test
    void whatIsDueBecomesReadyUnderItsOwnNameAndTheRestWaits() throws IOException {
        BatchName past = due(Duration.ofDays(-1), "past");
        BatchName exactly = due(Duration.ZERO, "exactly");
        BatchName next = due(Duration.ofMillis(1), "next");
        BatchName last = due(Duration.ofHours(1), "last");
        put(last, next, past, exactly);

        long wait = promoter().runOnce();

        assertThat(wait).isEqualTo(1);
        assertThat(in(BatchState.READY)).containsExactly(past.format(), exactly.format());
        assertThat(in(BatchState.DELAYED)).containsExactly(next.format(), last.format());
    }

    @Test
    void withNothingDelayedThereIsNothingToWaitForAndNoFolderIsMade() throws IOException {
        assertThat(promoter().runOnce()).isEqualTo(Long.MAX_VALUE);
        assertThat(queue.path()).isEmptyDirectory();
    }

    @Test
    void anEmptyFolderHasNothingToWaitFor() throws IOException {
        put();

        assertThat(promoter().runOnce()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aBatchIsPromotedOnceItsTimeHasCome() throws IOException {
        BatchName batch = due(Duration.ofSeconds(10), "a");
        put(batch);
        DelayedPromoter promoter = promoter();

        assertThat(promoter.runOnce()).isEqualTo(10_000);
        advance(Duration.ofMillis(9_999));
        assertThat(promoter.runOnce()).isEqualTo(1);
        assertThat(in(BatchState.READY)).isEmpty();

        advance(Duration.ofMillis(1));
        promoter.runOnce();
        assertThat(in(BatchState.READY)).containsExactly(batch.format());
        assertThat(promoter.runOnce()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aFolderThatDidNotChangeIsNotListedAgainBeforeSomethingIsDue() throws IOException {
        put(due(Duration.ofMillis(500), "a"), due(Duration.ofHours(1), "b"));
        DelayedPromoter promoter = promoter();

        promoter.runOnce();
        assertThat(listings).isEqualTo(1);

        advance(Duration.ofMillis(499));
        promoter.runOnce();
        assertThat(listings).isEqualTo(1);

        advance(Duration.ofMillis(1));
        promoter.runOnce();
        assertThat(listings).isEqualTo(2);
        assertThat(in(BatchState.READY)).hasSize(1);
    }

    @Test
    void aFolderThatChangedIsListedAtOnce() throws IOException {
        put(due(Duration.ofHours(2), "a"));
        touchLater(NOON);
        DelayedPromoter promoter = promoter();
        assertThat(promoter.runOnce()).isEqualTo(7_200_000);

        put(due(Duration.ofHours(1), "b"));
        touchLater(NOON.plusSeconds(1));

        assertThat(promoter.runOnce()).isEqualTo(3_600_000);
        assertThat(listings).isEqualTo(2);
    }

    @Test
    void aChangeThatTheFoldersTimeDoesNotShowIsFoundASecondLater() throws IOException {
        put(due(Duration.ofHours(2), "a"));
        touchLater(NOON);
        DelayedPromoter promoter = promoter();
        promoter.runOnce();
        put(due(Duration.ofHours(1), "b"));
        touchLater(NOON);

        advance(Duration.ofMillis(999));
        assertThat(promoter.runOnce()).isEqualTo(7_199_001);
        advance(Duration.ofMillis(1));
        assertThat(promoter.runOnce()).isEqualTo(3_599_000);
    }

    @Test
    void theLongerAListingTakesTheRarerItIs() throws IOException {
        put(due(Duration.ofHours(1), "a"));
        touchLater(NOON);
        Duration cost = Duration.ofMillis(200);
        DelayedPromoter promoter = promoter(new CountingDisk() {
            @Override
            public void list(Path folder, Consumer<String> visitor) throws IOException {
                nanos.advance(cost);
                super.list(folder, visitor);
            }
        });
        promoter.runOnce();

        touchLater(NOON.plusSeconds(1));
        nanos.advance(cost.multipliedBy(20).minusNanos(1));
        promoter.runOnce();
        assertThat(listings).as("changed, but listed a moment ago").isEqualTo(1);
        nanos.advance(Duration.ofNanos(1));
        promoter.runOnce();
        assertThat(listings).as("changed").isEqualTo(2);

        now = NOON.plus(Duration.ofHours(1));
        nanos.advance(cost.multipliedBy(4).minusNanos(1));
        promoter.runOnce();
        assertThat(listings).as("due, but listed a moment ago").isEqualTo(2);
        nanos.advance(Duration.ofNanos(1));
        promoter.runOnce();
        assertThat(listings).as("due").isEqualTo(3);
        assertThat(in(BatchState.READY)).hasSize(1);
    }

    private void touchLater(Instant time) throws IOException {
        Files.setLastModifiedTime(queue.of(BatchState.DELAYED), FileTime.from(time));
    }

    @Test
    void aClockSetBackDoesNotLengthenTheWaitOfABatchThatWasSeenBefore() throws IOException {
        BatchName batch = due(Duration.ofSeconds(10), "a");
        put(batch);
        DelayedPromoter promoter = promoter();
        promoter.runOnce();

        advance(Duration.ofSeconds(4));
        now = now.minus(Duration.ofDays(1));
        assertThat(promoter.runOnce()).isEqualTo(6_000);
        advance(Duration.ofMillis(5_999));
        promoter.runOnce();
        assertThat(in(BatchState.DELAYED)).containsExactly(batch.format());
        advance(Duration.ofMillis(1));
        promoter.runOnce();
        assertThat(in(BatchState.READY)).containsExactly(batch.format());
    }

    @Test
    void aBatchThatCameAfterTheClockWasSetBackWaitsAsLongAsItsNewTimeSays() throws IOException {
        BatchName before = due(Duration.ofSeconds(10), "before");
        put(before);
        DelayedPromoter promoter = promoter();
        promoter.runOnce();

        now = NOON.minus(Duration.ofDays(1));
        BatchName after = due(Duration.ofDays(-1).plusSeconds(20), "after");
        put(after);
        nanos.advance(Duration.ofSeconds(1));
        promoter.runOnce();
        advance(Duration.ofSeconds(9));
        promoter.runOnce();
        assertThat(in(BatchState.READY)).containsExactly(before.format());
        advance(Duration.ofSeconds(11));
        promoter.runOnce();
        assertThat(in(BatchState.READY)).containsExactlyInAnyOrder(before.format(), after.format());
    }

    @Test
    void aClockThatWasAheadAndIsPutRightDoesNotLengthenAWaitThatBeganMeanwhile() throws IOException {
        now = NOON.plus(Duration.ofDays(1));
        BatchName batch = due(Duration.ofDays(1).plusSeconds(1), "a");
        put(batch);
        DelayedPromoter promoter = promoter();
        promoter.runOnce();

        now = NOON;
        advance(Duration.ofSeconds(1));
        promoter.runOnce();
        assertThat(in(BatchState.READY)).containsExactly(batch.format());
    }

    @Test
    void aClockSetForwardMakesBatchesDue() throws IOException {
        BatchName batch = due(Duration.ofHours(1), "a");
        put(batch);
        DelayedPromoter promoter = promoter();
        promoter.runOnce();

        now = NOON.plus(Duration.ofDays(1));
        promoter.runOnce();
        assertThat(in(BatchState.READY)).containsExactly(batch.format());
    }

    @Test
    void aWaitThatIsRememberedEndsWithoutAPoll() throws IOException {
        BatchName batch = due(Duration.ofSeconds(10), "a");
        put(batch);
        DelayedPromoter promoter = promoter();
        promoter.remember(batch);
        now = NOON.minus(Duration.ofDays(1));

        advance(Duration.ofSeconds(10));
        promoter.promoteOverdue();
        assertThat(in(BatchState.READY))
                .as("left to those who poll for a moment")
                .isEmpty();
        advance(Duration.ofMillis(250));
        promoter.promoteOverdue();
        assertThat(in(BatchState.READY)).containsExactly(batch.format());
        assertThat(promoter.remembers()).isFalse();
        assertThat(listings).isZero();
    }

    @Test
    void aWaitThatIsRememberedIsForgottenWithItsBatch() throws IOException {
        BatchName batch = due(Duration.ofSeconds(10), "a");
        BatchName other = due(Duration.ofSeconds(10), "b");
        put(batch, other);
        DelayedPromoter promoter = promoter();
        promoter.remember(batch);
        Files.delete(queue.of(BatchState.DELAYED, batch));
        promoter.runOnce();
        Files.delete(queue.of(BatchState.DELAYED, other));
        advance(Duration.ofSeconds(11));
        promoter.promoteOverdue();

        assertThat(promoter.remembers()).isFalse();
        assertThat(queue.of(BatchState.READY)).doesNotExist();
    }

    @Test
    void aWaitThatBeganDuringAListingIsNotForgotten() throws IOException {
        put(due(Duration.ofHours(1), "a"));
        BatchName meanwhile = due(Duration.ofSeconds(10), "meanwhile");
        DelayedPromoter[] promoter = new DelayedPromoter[1];
        promoter[0] = promoter(new ForwardingDisk() {
            @Override
            public void list(Path folder, Consumer<String> visitor) throws IOException {
                super.list(folder, visitor);
                put(meanwhile);
                promoter[0].remember(meanwhile);
            }
        });
        promoter[0].runOnce();
        now = NOON.minus(Duration.ofDays(1));
        advance(Duration.ofSeconds(11));
        promoter[0].promoteOverdue();

        assertThat(in(BatchState.READY)).containsExactly(meanwhile.format());
    }

    @Test
    void aBatchThatAnotherProcessPromotedMeanwhileIsNoError() throws IOException {
        BatchName gone = due(Duration.ZERO, "gone");
        BatchName here = due(Duration.ZERO, "here");
        put(here);
        DelayedPromoter promoter = promoter(new ForwardingDisk() {
            @Override
            public void list(Path folder, Consumer<String> visitor) throws IOException {
                visitor.accept(gone.format());
                super.list(folder, visitor);
                visitor.accept(here.format());
            }
        });

        promoter.runOnce();

        assertThat(in(BatchState.READY)).containsExactly(here.format());
    }

    @Test
    void theFolderDeletedBetweenLookAndListIsNoError() throws IOException {
        put();
        DelayedPromoter promoter = promoter(new ForwardingDisk() {
            @Override
            public void list(Path folder, Consumer<String> visitor) throws IOException {
                Files.delete(folder);
                super.list(folder, visitor);
            }
        });

        assertThat(promoter.runOnce()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whatIsNoBatchStaysWhereItIs() throws IOException {
        put(due(Duration.ZERO, "a"));
        Files.createFile(queue.of(BatchState.DELAYED).resolve("note.txt"));

        promoter().runOnce();

        assertThat(in(BatchState.DELAYED)).containsExactly("note.txt");
    }

    @Test
    void aFloodOfDueBatchesIsPromotedBitByBitWithoutAWait() throws IOException {
        put();
        Set<String> later = new LinkedHashSet<>();
        for (int i = 0; i < 5000; i++) {
            later.add(due(Duration.ofMillis(-i), "b" + i).format());
        }
        DelayedPromoter promoter = promoter(new ForwardingDisk() {
            @Override
            public void list(Path folder, Consumer<String> visitor) {
                later.forEach(visitor);
            }

            @Override
            public boolean rename(Path from, Path to) {
                assertThat(to).isEqualTo(queue.of(BatchState.READY).resolve(from.getFileName()));
                return later.remove(from.getFileName().toString());
            }
        });

        assertThat(promoter.runOnce()).isZero();
        assertThat(later).hasSize(5000 - 4096);

        promoter.runOnce();
        assertThat(later).isEmpty();
        assertThat(promoter.runOnce()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whoComesWhileAnotherThreadListsForTheFirstTimeIsNotSentAwayForAges() throws IOException {
        put(due(Duration.ofSeconds(1), "a"));
        ExecutorService second = Executors.newSingleThreadExecutor();
        try {
            List<Long> waits = new ArrayList<>();
            DelayedPromoter[] promoter = new DelayedPromoter[1];
            promoter[0] = promoter(new ForwardingDisk() {
                @Override
                public void list(Path folder, Consumer<String> visitor) throws IOException {
                    try {
                        waits.add(second.submit(promoter[0]::runOnce).get());
                    } catch (InterruptedException | ExecutionException unexpected) {
                        throw new IOException(unexpected);
                    }
                    super.list(folder, visitor);
                }
            });

            assertThat(promoter[0].runOnce()).isEqualTo(1000);

            assertThat(waits).hasSize(1).allMatch(wait -> wait == 0 || wait == Long.MAX_VALUE);
        } finally {
            second.shutdownNow();
        }
    }
}
