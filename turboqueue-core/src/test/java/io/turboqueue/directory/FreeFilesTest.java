package io.turboqueue.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turboqueue.io.Disk;
import io.turboqueue.io.ForwardingDisk;
import io.turboqueue.io.LocalDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which emptied files are kept, and which are filled again. */
class FreeFilesTest {

    private static final int MOST = 256;

    @TempDir
    Path temp;

    private final Disk disk = new LocalDisk();
    private QueueFolder queue;
    private FreeFiles free;
    private long nanos;

    @BeforeEach
    void makeQueue() throws IOException {
        queue = new QueueFolder(Files.createDirectory(temp.resolve("q")), new QueueName("q"));
        free = new FreeFiles(disk, queue, () -> nanos, false);
    }

    private Claim claim(String id, int attempt, long bytes) throws IOException {
        BatchName name = new BatchName(5, 0, id, new BatchName.Contents(1, bytes, 7), attempt, 0);
        Path path = Files.createFile(temp.resolve("claimed-" + id));
        return new Claim(queue, name, 0, path);
    }

    private boolean keep(Claim claim) throws IOException {
        Path place = free.place(claim);
        if (place == null) {
            return false;
        }
        assertThat(disk.rename(claim.path(), place)).isTrue();
        free.kept(place);
        return true;
    }

    private long kept() throws IOException {
        try (Stream<Path> files = Files.list(queue.free())) {
            return files.count();
        }
    }

    @Test
    void aKeptFileIsTakenOnce() throws IOException {
        assertThat(keep(claim("a", 0, 100))).isTrue();

        assertThat(free.take(temp.resolve("one"))).isTrue();
        assertThat(free.take(temp.resolve("two"))).isFalse();
        assertThat(temp.resolve("one")).exists();
        assertThat(kept()).isZero();
    }

    @Test
    void aQueueThatNeverKeptAnyHasNone() throws IOException {
        assertThat(free.take(temp.resolve("one"))).isFalse();
        assertThat(queue.free()).doesNotExist();
    }

    @Test
    void aBatchDeliveredBeforeIsNotKeptForItsFirstOwnerMayStillRead() throws IOException {
        assertThat(keep(claim("a", 1, 100))).isFalse();
    }

    @Test
    void aBatchOfAnotherProgramIsNotKept() throws IOException {
        Claim foreign = new Claim(queue, new BatchName(5, 0, "f", null, 0, 0), 0, temp.resolve("foreign"));

        assertThat(free.place(foreign)).isNull();
    }

    @Test
    void aHugeFileIsNotKept() throws IOException {
        assertThat(keep(claim("a", 0, 1 << 30))).isFalse();
    }

    @Test
    void aFileWithASecondNameIsNotFilledAgainAndKeepsItsContent() throws IOException {
        Claim claim = claim("a", 0, 100);
        Files.writeString(claim.path(), "precious");
        Path backup = Files.createLink(temp.resolve("backup"), claim.path());
        assertThat(keep(claim)).isTrue();

        assertThat(free.take(temp.resolve("one"))).isFalse();
        assertThat(temp.resolve("one")).doesNotExist();
        assertThat(backup).hasContent("precious");
    }

    @Test
    void ofLargeFilesOnlyAsManyAreKeptAsTake64MiB() throws IOException {
        int taken = 0;
        for (int i = 0; i < 100; i++) {
            taken += keep(claim("b" + i, 0, 1 << 20)) ? 1 : 0;
        }

        assertThat(taken).isEqualTo(64);
    }

    @Test
    void ofSmallFilesALimitedNumberIsKept() throws IOException {
        int taken = 0;
        for (int i = 0; i < 2 * MOST; i++) {
            taken += keep(claim("b" + i, 0, 100)) ? 1 : 0;
        }

        assertThat(taken).isEqualTo(MOST);
        assertThat(kept()).isEqualTo(MOST);
    }

    @Test
    void whatAnotherProcessKeptIsFound() throws IOException {
        FreeFiles other = new FreeFiles(disk, queue, () -> nanos, false);
        assertThat(other.take(temp.resolve("zero"))).isFalse();
        keep(claim("a", 0, 100));
        nanos += TimeUnit.SECONDS.toNanos(1);

        assertThat(other.take(temp.resolve("one"))).isTrue();
        assertThat(free.take(temp.resolve("two"))).as("gone meanwhile").isFalse();
    }

    @Test
    void whereBatchesSurvivePowerLossOnlyWhatWasSyncedIsTaken() throws IOException {
        List<Path> synced = new ArrayList<>();
        boolean[] fails = {false};
        Disk noting = new ForwardingDisk() {
            @Override
            public void syncFolder(Path folder) throws IOException {
                synced.add(folder);
                if (fails[0]) {
                    throw new IOException("cannot sync");
                }
            }
        };
        FreeFiles safe = new FreeFiles(noting, queue, () -> nanos, true);
        keep(claim("a", 0, 100));
        assertThat(safe.take(temp.resolve("one"))).isTrue();
        assertThat(synced).containsExactly(queue.free());

        keep(claim("b", 0, 100));
        fails[0] = true;
        nanos += TimeUnit.SECONDS.toNanos(1);
        assertThatThrownBy(() -> safe.take(temp.resolve("two"))).hasMessage("cannot sync");
        fails[0] = false;
        nanos += TimeUnit.SECONDS.toNanos(1);

        assertThat(safe.take(temp.resolve("two")))
                .as("a sync that failed is not tried again")
                .isFalse();
        assertThat(safe.place(claim("c", 0, 100))).isNull();
        assertThat(synced).hasSize(2);
    }

    @Test
    void aFolderThatIsDeletedMeanwhileIsNoFault() throws IOException {
        keep(claim("a", 0, 100));
        Files.delete(queue.free().resolve("a.db"));
        Files.delete(queue.free());

        assertThat(free.take(temp.resolve("one"))).isFalse();
    }
}
