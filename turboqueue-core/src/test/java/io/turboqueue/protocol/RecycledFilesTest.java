package io.turboqueue.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.FileStatus;
import io.turboqueue.disk.FolderGoneException;
import io.turboqueue.disk.ForwardingDisk;
import io.turboqueue.disk.LocalDisk;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.QueueFolder;
import io.turboqueue.layout.QueueName;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which emptied files are kept, and which are filled again. */
class RecycledFilesTest {

    private static final int MAX = 256;

    @TempDir
    Path temp;

    private final Disk disk = new LocalDisk();
    private QueueFolder queue;
    private RecycledFiles free;
    private long nanos;
    private boolean scarce;

    @BeforeEach
    void makeQueue() throws IOException {
        queue = new QueueFolder(Files.createDirectory(temp.resolve("q")), new QueueName("q"));
        free = new RecycledFiles(disk, queue, () -> nanos, false, () -> scarce);
    }

    private Claim claim(String id, int attempt, long bytes) throws IOException {
        BatchName name = new BatchName(
                5, 0, id, new BatchName.Contents(1, bytes, 7), new BatchName.History(attempt, 0, 0, 0, false));
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
    void aFileIsNotTakenForAnotherUsersWhereTheOwnerDirectoryIsGone() throws IOException {
        Path directory = Files.createDirectory(temp.resolve("owner"));
        Disk without = new ForwardingDisk() {
            @Override
            public @Nullable FileStatus status(Path path) throws IOException {
                return path.equals(directory) ? null : super.status(path);
            }
        };
        RecycledFiles taking = new RecycledFiles(without, queue, () -> nanos, false, () -> scarce);
        assertThat(keep(claim("a", 0, 100))).isTrue();

        assertThatThrownBy(() -> taking.take(directory.resolve("one"))).isInstanceOf(FolderGoneException.class);
        assertThat(kept()).as("set aside").isZero();
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
        Claim foreign = new Claim(queue, new BatchName(5, 0, "f", null), 0, temp.resolve("foreign"));

        assertThat(free.place(foreign)).isNull();
    }

    @Test
    void aHugeFileIsNotKept() throws IOException {
        assertThat(keep(claim("a", 0, 1 << 30))).isFalse();
    }

    @Test
    void aFileWithASecondNameIsNotKept() throws IOException {
        Claim claim = claim("a", 0, 100);
        Files.createLink(temp.resolve("backup"), claim.path());

        assertThat(keep(claim)).isFalse();
        assertThat(claim.path()).exists();
    }

    @Test
    void aFileThatIsLargerThanItsNameSaysIsNotKept() throws IOException {
        Claim claim = claim("a", 0, 100);
        sparse(claim.path(), 3L << 30);

        assertThat(keep(claim)).isFalse();
    }

    private static void sparse(Path file, long bytes) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(bytes);
        }
    }

    private Path found(String name) throws IOException {
        return Files.createDirectories(queue.free()).resolve(name);
    }

    /** Where something odd that was taken by mistake is now. */
    private Path aside(String id) throws IOException {
        try (Stream<Path> files = Files.list(queue.free())) {
            List<Path> found = files.filter(
                            file -> file.getFileName().toString().matches(id + "~odd-[0-9a-z]{16}\\.db"))
                    .toList();
            assertThat(found).hasSize(1);
            return found.get(0);
        }
    }

    private void assertLeftAlone(String id) throws IOException {
        assertThat(free.take(temp.resolve("one"))).isFalse();
        assertThat(Files.exists(temp.resolve("one"), LinkOption.NOFOLLOW_LINKS)).isFalse();
        aside(id);
        nanos += TimeUnit.SECONDS.toNanos(1);
        assertThat(free.take(temp.resolve("two"))).as("never again").isFalse();
        aside(id);
    }

    @Test
    void aLinkIsNotFollowed() throws IOException {
        Path precious = Files.writeString(temp.resolve("precious"), "precious");
        Files.createSymbolicLink(found("a.db"), precious);

        assertLeftAlone("a");
        assertThat(precious).hasContent("precious");
    }

    @Test
    void aFolderIsSetAsideWithWhatIsInIt() throws IOException {
        Files.writeString(Files.createDirectory(found("a.db")).resolve("precious"), "precious");

        assertLeftAlone("a");
        assertThat(aside("a").resolve("precious")).hasContent("precious");
    }

    @Test
    void aPipeIsSetAside() throws Exception {
        Path pipe = found("a.db");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        assertLeftAlone("a");
    }

    @Test
    void aHugeFileThatSomebodyPutThereIsSetAside() throws IOException {
        sparse(found("a.db"), 3L << 30);

        assertLeftAlone("a");
    }

    @Test
    void aFileOfAnotherUserIsSetAside() throws IOException {
        Path file = Files.createFile(found("a.db"));
        Assumptions.assumeTrue((Integer) Files.getAttribute(file, "unix:uid") == 0, "only root can give a file away");
        Files.setAttribute(file, "unix:uid", 65534);

        assertLeftAlone("a");
    }

    @Test
    void whateverItsNameWasUntilNowAFileIsForOurUserOnly() throws IOException {
        Path file = Files.createFile(found("a.db"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));

        assertThat(free.take(temp.resolve("one"))).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(temp.resolve("one"))))
                .isEqualTo("rw-------");
    }

    @Test
    void onlyItsOwnNamesAreTaken() throws IOException {
        for (String name : List.of("precious.txt", ".db", "a.db.bak", "a b.db", "a~odd-0123456789abcdef.db")) {
            Files.writeString(found(name), name);
        }

        assertThat(free.take(temp.resolve("one"))).isFalse();
        assertThat(kept()).isEqualTo(5);
    }

    @Test
    void whatCannotBeMovedIsPassedOver() throws IOException {
        Disk refusing = new ForwardingDisk() {
            @Override
            public boolean rename(Path from, Path to) throws IOException {
                if (from.endsWith("z.db")) {
                    throw new AccessDeniedException(from.toString());
                }
                return super.rename(from, to);
            }
        };
        Files.createDirectory(found("z.db"));
        Files.createFile(found("a.db"));
        RecycledFiles poor = new RecycledFiles(refusing, queue, () -> nanos, false, () -> scarce);

        assertThat(poor.take(temp.resolve("one"))).isTrue();
        assertThat(found("z.db")).isDirectory();
    }

    @Test
    void whatCannotGoBackStaysUnderAnOddNameInTheOwnersDirectory() throws IOException {
        Disk refusing = new ForwardingDisk() {
            @Override
            public boolean rename(Path from, Path to) throws IOException {
                if (to.startsWith(queue.free())) {
                    throw new IOException("No space left on device");
                }
                return super.rename(from, to);
            }
        };
        Files.createDirectory(Files.createDirectory(found("a.db")).resolve("full"));
        RecycledFiles poor = new RecycledFiles(refusing, queue, () -> nanos, false, () -> scarce);

        assertThat(poor.take(temp.resolve("one"))).isFalse();
        assertThat(temp.resolve("one")).doesNotExist();
        try (Stream<Path> files = Files.list(temp)) {
            assertThat(files.map(file -> file.getFileName().toString())).anyMatch(name -> name.startsWith("a~odd-"));
        }
    }

    @Test
    void aLinkInPlaceOfTheFolderIsNeitherReadNorFilled() throws IOException {
        Path outside = Files.createDirectory(temp.resolve("outside"));
        Files.writeString(outside.resolve("a.db"), "precious");
        Files.createSymbolicLink(queue.free(), outside);

        assertThat(free.take(temp.resolve("one"))).isFalse();
        assertThat(keep(claim("b", 0, 100))).isFalse();
        assertThat(outside).isDirectoryContaining("glob:**/a.db");
        assertThat(outside.resolve("a.db")).hasContent("precious");
        try (Stream<Path> files = Files.list(outside)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void aFileWithASecondNameIsNotFilledAgainAndKeepsItsContent() throws IOException {
        Claim claim = claim("a", 0, 100);
        Files.writeString(claim.path(), "precious");
        assertThat(keep(claim)).isTrue();
        Path backup = Files.createLink(temp.resolve("backup"), queue.free().resolve("a.db"));

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
        for (int i = 0; i < 2 * MAX; i++) {
            taken += keep(claim("b" + i, 0, 100)) ? 1 : 0;
        }

        assertThat(taken).isEqualTo(MAX);
        assertThat(kept()).isEqualTo(MAX);
    }

    @Test
    void whatAnotherProcessKeptIsFound() throws IOException {
        RecycledFiles other = new RecycledFiles(disk, queue, () -> nanos, false, () -> scarce);
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
        RecycledFiles safe = new RecycledFiles(noting, queue, () -> nanos, true, () -> scarce);
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

    @Test
    void nothingIsKeptWhileRoomIsScarce() throws IOException {
        assertThat(keep(claim("a", 0, 100))).isTrue();
        scarce = true;
        assertThat(keep(claim("b", 0, 100))).isFalse();
        scarce = false;
        assertThat(keep(claim("c", 0, 100))).isTrue();
        assertThat(kept()).isEqualTo(2);
    }

    @Test
    void whatIsKeptCanBeGivenBack() throws IOException {
        assertThat(RecycledFiles.requeue(disk, queue)).as("no folder yet").isZero();
        keep(claim("a", 0, 100));
        keep(claim("b", 0, 100));

        assertThat(RecycledFiles.requeue(disk, queue)).isEqualTo(2);
        assertThat(kept()).isZero();
        assertThat(free.take(temp.resolve("loading"))).as("known, but gone").isFalse();
    }
}
