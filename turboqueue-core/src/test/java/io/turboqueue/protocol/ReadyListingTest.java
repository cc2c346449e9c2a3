package io.turboqueue.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.FolderGoneException;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadyListingTest {

    private static final int KEPT = 8192;

    @TempDir
    Path spool;

    private final ManualNanos clock = new ManualNanos();
    private QueueFolder queue = new QueueFolder(Path.of("unset"), new QueueName("q"));
    private Path ready = Path.of("unset");

    @BeforeEach
    void makeReadyFolder() throws IOException {
        queue = new QueueFolder(spool.resolve("q"), new QueueName("q"));
        ready = queue.ensure(new LocalDisk(), BatchState.READY);
    }

    private ReadyListing listing(Disk disk) {
        return new ReadyListing(disk, queue, clock);
    }

    private ReadyListing listing() {
        return listing(new LocalDisk());
    }

    private static BatchName name(int priority, long due, String id) {
        return new BatchName(priority, due, id, null);
    }

    private void put(BatchName... names) throws IOException {
        for (BatchName name : names) {
            Files.createFile(ready.resolve(name.format()));
        }
    }

    private static List<BatchName> all(ReadyListing listing) {
        List<BatchName> names = new ArrayList<>();
        for (BatchName name = listing.next(); name != null; name = listing.next()) {
            names.add(name);
        }
        return names;
    }

    @Test
    void nothingIsOfferedBeforeTheFolderWasListed() throws IOException {
        put(name(5, 1, "a"));
        ReadyListing listing = listing();

        assertThat(listing.next()).isNull();
        assertThat(listing.refresh()).isTrue();
        assertThat(listing.next()).isEqualTo(name(5, 1, "a"));
        assertThat(listing.next()).isNull();
    }

    @Test
    void anEmptyFolderHasNoCandidates() throws IOException {
        assertThat(listing().refresh()).isFalse();
    }

    @Test
    void candidatesComeByPriorityAndThenByDueTime() throws IOException {
        put(name(5, 20, "a"), name(9, 0, "b"), name(0, 500, "c"), name(5, 3, "d"), name(0, 400, "e"));
        ReadyListing listing = listing();

        listing.refresh();

        assertThat(all(listing)).extracting(BatchName::id).containsExactly("e", "c", "d", "a", "b");
    }

    @Test
    void whatIsNoBatchIsNeverOffered() throws IOException {
        put(name(5, 1, "a"));
        for (String odd :
                List.of("0-note.txt", ".nfs0001", name(5, 0, "b") + "-journal", "zzz", "0-20261131T000000000Z-x.db")) {
            Files.createFile(ready.resolve(odd));
        }
        Files.createDirectory(ready.resolve("folder"));
        ReadyListing listing = listing();

        listing.refresh();

        assertThat(all(listing)).containsExactly(name(5, 1, "a"));
    }

    @Test
    void aListingIsUsedForATenthOfASecondWhileThereAreNames() throws IOException {
        put(name(5, 1, "a"), name(5, 2, "b"), name(5, 3, "c"));
        ReadyListing listing = listing();
        listing.refresh();

        clock.advance(Duration.ofMillis(100));
        assertThat(listing.next()).isEqualTo(name(5, 1, "a"));

        clock.advance(Duration.ofNanos(1));
        assertThat(listing.next()).isNull();

        put(name(0, 9, "urgent"));
        listing.refresh();
        assertThat(listing.next()).isEqualTo(name(0, 9, "urgent"));
    }

    @Test
    void aListingThatTookLongIsUsedTwentyTimesAsLong() throws IOException {
        put(name(5, 1, "a"), name(5, 2, "b"));
        ReadyListing listing = listing(listingIn(Duration.ofMillis(50)));
        listing.refresh();

        clock.advance(Duration.ofSeconds(1));
        assertThat(listing.next()).isEqualTo(name(5, 1, "a"));

        clock.advance(Duration.ofNanos(1));
        assertThat(listing.next()).isNull();
    }

    @Test
    void whileRacesAreLostAListingIsUsedFourTimesAsLongAsItTook() throws IOException {
        put(name(5, 1, "a"), name(5, 2, "b"), name(5, 3, "c"));
        ReadyListing listing = listing(listingIn(Duration.ofMillis(50)));
        listing.lost();
        listing.refresh();

        clock.advance(Duration.ofMillis(200));
        assertThat(listing.next()).isNotNull();

        clock.advance(Duration.ofNanos(1));
        assertThat(listing.next()).isNull();

        listing.won();
        assertThat(listing.next()).as("no longer lost").isNotNull();
    }

    /** A disk that takes its time to list a folder. */
    private Disk listingIn(Duration cost) {
        return new ForwardingDisk() {
            @Override
            public void list(Path folder, Consumer<String> visitor) throws IOException {
                clock.advance(cost);
                super.list(folder, visitor);
            }
        };
    }

    @Test
    void ofALongBacklogTheFirstFewThousandAreKept() throws IOException {
        List<BatchName> names = new ArrayList<>();
        for (int i = 0; i < KEPT + 1000; i++) {
            names.add(name(i % 10, i, "b" + i));
        }
        ReadyListing listing =
                listing(showing(names.stream().map(BatchName::format).toList()));

        listing.refresh();

        names.sort((a, b) -> a.format().compareTo(b.format()));
        assertThat(all(listing)).isEqualTo(names.subList(0, KEPT));
    }

    @Test
    void aFloodOfOddNamesDoesNotPushOutTheBatches() throws IOException {
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < 3 * KEPT; i++) {
            shown.add("0-" + i + ".tmp");
        }
        shown.add(name(9, 1, "a").format());
        ReadyListing listing = listing(showing(shown));

        assertThat(listing.refresh()).isTrue();

        assertThat(all(listing)).containsExactly(name(9, 1, "a"));
    }

    /** A folder that seems to hold these names, in any order. */
    private static Disk showing(List<String> names) {
        List<String> shuffled = new ArrayList<>(names);
        Collections.shuffle(shuffled, new Random(1));
        return new ForwardingDisk() {
            @Override
            public void list(Path folder, Consumer<String> visitor) {
                shuffled.forEach(visitor);
            }
        };
    }

    @Test
    void aNameShownTwiceByTheFolderDoesNoHarm() throws IOException {
        String twice = name(5, 1, "a").format();
        ReadyListing listing =
                listing(showing(List.of(twice, twice, name(5, 2, "b").format())));

        listing.refresh();

        assertThat(all(listing)).contains(name(5, 1, "a"), name(5, 2, "b"));
    }

    @Test
    void aBatchThatIsNotForThisReleaseIsNeverOfferedAgain() throws IOException {
        put(name(5, 1, "newer"), name(5, 2, "b"));
        ReadyListing listing = listing();
        listing.skip(name(5, 1, "newer"));

        listing.refresh();
        assertThat(all(listing)).containsExactly(name(5, 2, "b"));

        Files.delete(ready.resolve(name(5, 2, "b").format()));
        assertThat(listing.refresh()).isFalse();
    }

    @Test
    void aBatchThatWasGoneForAWhileIsOfferedAgain() throws IOException {
        put(name(5, 1, "newer"));
        ReadyListing listing = listing();
        listing.skip(name(5, 1, "newer"));
        listing.refresh();
        Files.delete(ready.resolve(name(5, 1, "newer").format()));
        listing.refresh();

        put(name(5, 1, "newer"));

        assertThat(listing.refresh()).isTrue();
        assertThat(all(listing)).containsExactly(name(5, 1, "newer"));
    }

    @Test
    void whoeverLosesRacesSpreadsOutAndWhoeverWinsComesBackToTheFront() throws IOException {
        List<BatchName> names = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            names.add(name(5, i, "b"));
        }
        ReadyListing listing =
                listing(showing(names.stream().map(BatchName::format).toList()));

        boolean everBehindTheFirst = false;
        for (int round = 0; round < 50; round++) {
            listing.lost();
            listing.refresh();
            BatchName chosen = listing.next();
            assertThat(chosen).as("one of the first two").isIn(names.subList(0, 2));
            everBehindTheFirst |= !names.get(0).equals(chosen);
            listing.won();
        }
        assertThat(everBehindTheFirst).isTrue();

        for (int lost = 0; lost < 20; lost++) {
            listing.lost();
        }
        for (int round = 0; round < 200; round++) {
            listing.refresh();
            assertThat(listing.next()).as("one of the first 1024").isIn(names.subList(0, 1024));
        }

        for (int won = 0; won < 300; won++) {
            listing.won();
        }
        listing.refresh();
        assertThat(all(listing)).isEqualTo(names);
    }

    @Test
    void spreadingOutOverFewerNamesThanTheSpreadTakesThemAll() throws IOException {
        put(name(5, 1, "a"), name(5, 2, "b"), name(5, 3, "c"));
        ReadyListing listing = listing();
        for (int lost = 0; lost < 20; lost++) {
            listing.lost();
        }

        listing.refresh();

        assertThat(all(listing)).extracting(BatchName::id).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void theMostUrgentAreNotPassedOverByThoseWhoSpreadOut() throws IOException {
        List<BatchName> names = new ArrayList<>(List.of(name(1, 7, "urgent"), name(1, 8, "too")));
        for (int i = 0; i < 500; i++) {
            names.add(name(5, i, "b"));
        }
        ReadyListing listing =
                listing(showing(names.stream().map(BatchName::format).toList()));
        for (int lost = 0; lost < 20; lost++) {
            listing.lost();
        }

        for (int round = 0; round < 100; round++) {
            listing.refresh();
            assertThat(listing.next()).isIn(names.subList(0, 2));
        }
    }

    @Test
    void namesThatFollowEachOtherAreTakenInARunAndThenThoseBeforeIt() throws IOException {
        List<BatchName> names = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            names.add(name(5, i, "b" + i));
        }
        ReadyListing listing =
                listing(showing(names.stream().map(BatchName::format).toList()));
        for (int lost = 0; lost < 20; lost++) {
            listing.lost();
        }
        listing.refresh();

        List<BatchName> taken = all(listing);

        int start = names.indexOf(taken.get(0));
        List<BatchName> expected = new ArrayList<>(names.subList(start, names.size()));
        expected.addAll(names.subList(0, start));
        assertThat(taken).isEqualTo(expected);
    }

    @Test
    void whenLosingHasCostMoreThanListingTheNamesAreDropped() throws IOException {
        put(name(5, 1, "a"), name(5, 2, "b"), name(5, 3, "c"));
        ReadyListing cheap = listing();
        cheap.refresh();
        assertThat(cheap.next()).isNotNull();
        cheap.lost();
        assertThat(cheap.next()).as("lost once").isNull();

        ReadyListing dear = listing(listingIn(Duration.ofMillis(1)));
        dear.refresh();
        for (int lost = 0; lost < 10; lost++) {
            dear.lost();
        }
        assertThat(dear.next()).as("lost 1 ms").isNotNull();
        dear.lost();
        assertThat(dear.next()).as("lost more").isNull();
    }

    @Test
    void aDeletedQueueIsReported() throws IOException {
        ReadyListing listing = listing();
        Files.delete(ready);

        assertThatThrownBy(listing::refresh)
                .isInstanceOf(FolderGoneException.class)
                .hasMessageContaining(ready.toString());
    }
}
