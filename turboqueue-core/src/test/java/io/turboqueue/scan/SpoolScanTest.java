package io.turboqueue.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.Spool;
import io.turboqueue.cli.CliSpool;
import io.turboqueue.disk.LocalDisk;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.inspect.OwnerInfo;
import io.turboqueue.inspect.QueueStats;
import io.turboqueue.inspect.StateStats;
import io.turboqueue.layout.QueueName;
import io.turboqueue.layout.SpoolFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolScanTest {

    private static final StateStats NOTHING = new StateStats(0, 0, 0, Optional.empty());

    private static final QueueName FLIGHTS = new QueueName("flights");

    @TempDir
    Path temp;

    private static SpoolScan scan(CliSpool spool) throws IOException {
        return new SpoolScan(new LocalDisk(), SpoolFolder.existing(new LocalDisk(), spool.folder()));
    }

    @Test
    void statsCountByStateFromNamesAlone() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "a", "b", "c").done(1).ready();
        spool.batch("flights", 2, "d").age(Duration.ofHours(1)).ready();
        spool.batch("flights", 3, "e").held();
        spool.batch("flights", 4, "f").claimed(CliSpool.DEAD_OWNER);
        spool.batch("flights", 5, "g").dead("crc");
        spool.foreign("flights", "dead", "readme.txt");
        Files.createFile(spool.folder().resolve("flights/paused"));

        QueueStats stats = scan(spool).stats(FLIGHTS);

        assertThat(stats.ready().batches()).isEqualTo(2);
        assertThat(stats.ready().messages()).isEqualTo(3);
        assertThat(stats.ready().oldest()).contains(CliSpool.NOW.minusSeconds(3600));
        assertThat(stats.held().batches()).isOne();
        assertThat(stats.claimed().batches()).isOne();
        assertThat(stats.dead().batches()).isOne();
        assertThat(stats.delayed()).isEqualTo(NOTHING);
        assertThat(stats.foreign()).isOne();
        assertThat(stats.paused()).isTrue();
    }

    @Test
    void aQueueThatIsNotThereHasNothing() throws IOException {
        SpoolScan scan = scan(new CliSpool(temp));

        assertThat(scan.exists(FLIGHTS)).isFalse();
        assertThat(scan.stats(FLIGHTS).ready()).isEqualTo(NOTHING);
        assertThat(scan.queues()).isEmpty();
        assertThat(scan.owners()).isEmpty();
    }

    @Test
    void batchesComeByPriorityThenDueTimeThenId() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 4, "a").ready();
        spool.batch("flights", 3, "a").ready();
        spool.batch("flights", 2, "a").age(Duration.ofHours(1)).dead("crc");
        spool.batch("flights", 1, "a").priority(6).age(Duration.ofDays(1)).ready();

        List<BatchEntry> found = scan(spool).batches(List.of(FLIGHTS), EnumSet.allOf(BatchState.class));

        assertThat(found)
                .extracting(entry -> entry.name().id())
                .containsExactly(CliSpool.id(2), CliSpool.id(3), CliSpool.id(4), CliSpool.id(1));
        assertThat(found.get(0).note()).isEqualTo("crc");
        assertThat(found.get(1).note()).isNull();
        assertThat(found).allMatch(entry -> Files.exists(entry.path()));
    }

    @Test
    void queuesAreInOrderOfTheirNamesAndOtherFoldersAreNone() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.queue("mails");
        spool.queue("flights");
        Files.createDirectory(spool.folder().resolve("No Queue"));
        Files.createFile(spool.folder().resolve("file"));

        assertThat(scan(spool).queues()).containsExactly(FLIGHTS, new QueueName("mails"));
    }

    @Test
    void anOwnerOfTheDeadHasItsClaimsAndLoadings() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "a").claimed(CliSpool.DEAD_OWNER);
        spool.loading(CliSpool.DEAD_OWNER, "flights", 2);

        OwnerInfo owner = scan(spool).owners().get(0);

        assertThat(owner.directory()).isEqualTo(CliSpool.DEAD_OWNER);
        assertThat(owner.pid()).isEqualTo(4711);
        assertThat(owner.isDead()).isTrue();
        assertThat(owner.claims()).singleElement().matches(claim -> claim.note().isPresent());
        assertThat(owner.holdings().filling()).containsExactly("flights");
        assertThat(owner.holdings().since()).isPresent();
    }

    @Test
    void anOwnerOfTheLivingIsAliveHoweverOftenItIsLookedAt() throws Exception {
        CliSpool spool = new CliSpool(temp);
        try (Spool living = Spool.open(spool.folder())) {
            living.queue("flights").producer().close();
            SpoolScan scan = scan(spool);

            assertThat(scan.owners()).singleElement().matches(owner -> owner.status() == OwnerInfo.Status.ALIVE);
            assertThat(scan.owners()).singleElement().matches(owner -> owner.status() == OwnerInfo.Status.ALIVE);
        }
    }
}
