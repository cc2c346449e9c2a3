package io.turboqueue.disk;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class LocalDiskTest {

    @TempDir
    Path here;

    private final LocalDisk disk = new LocalDisk();

    @Test
    void renameMovesAFile() throws IOException {
        Path from = Files.writeString(here.resolve("from"), "content");
        Path to = here.resolve("to");

        assertThat(disk.rename(from, to)).isTrue();

        assertThat(from).doesNotExist();
        assertThat(to).hasContent("content");
    }

    @Test
    void renamingWhatIsGoneIsALostRaceAndNoError() throws IOException {
        assertThat(disk.rename(here.resolve("gone"), here.resolve("to"))).isFalse();
        assertThat(here.resolve("to")).doesNotExist();
    }

    @Test
    void ofManyRenamesOfOneFileExactlyOneSucceeds() throws Exception {
        int racers = 4;
        int rounds = 200;
        CyclicBarrier start = new CyclicBarrier(racers);
        ExecutorService threads = Executors.newFixedThreadPool(racers);
        try {
            for (int round = 0; round < rounds; round++) {
                Path from = Files.createFile(here.resolve("round" + round));
                List<Future<Boolean>> results = new ArrayList<>();
                for (int racer = 0; racer < racers; racer++) {
                    Path to = here.resolve("round" + round + "-won-by-" + racer);
                    Callable<Boolean> race = () -> {
                        start.await();
                        return disk.rename(from, to);
                    };
                    results.add(threads.submit(race));
                }
                int winners = 0;
                for (Future<Boolean> result : results) {
                    winners += result.get() ? 1 : 0;
                }
                assertThat(winners).as("winners of round %d", round).isEqualTo(1);
            }
        } finally {
            threads.shutdownNow();
        }
        List<String> left = new ArrayList<>();
        disk.list(here, left::add);
        assertThat(left).hasSize(rounds).allMatch(name -> name.contains("-won-by-"));
    }

    @Test
    void renamingOutOfAFolderThatIsGoneNamesThatFolder() throws IOException {
        Path gone = here.resolve("ready");

        assertThatThrownBy(() -> disk.rename(gone.resolve("a"), here.resolve("a")))
                .isInstanceOf(FolderGoneException.class)
                .hasMessage("folder " + gone + " is gone: it was deleted or moved while in use");
    }

    @Test
    void renamingIntoAFolderThatIsGoneNamesThatFolderAndKeepsTheFile() throws IOException {
        Path from = Files.writeString(here.resolve("from"), "content");
        Path gone = here.resolve("ready");

        assertThatThrownBy(() -> disk.rename(from, gone.resolve("a")))
                .isInstanceOf(FolderGoneException.class)
                .hasMessage("folder " + gone + " is gone: it was deleted or moved while in use");
        assertThat(from).hasContent("content");
    }

    @Test
    void renameMovesALinkAndNotWhatItPointsTo() throws IOException {
        Path target = Files.writeString(here.resolve("target"), "content");
        Path link = Files.createSymbolicLink(here.resolve("link"), target);

        assertThat(disk.rename(link, here.resolve("moved"))).isTrue();

        assertThat(target).hasContent("content");
        assertThat(Files.isSymbolicLink(here.resolve("moved"))).isTrue();
    }

    @Test
    void unlinkSaysWhetherTheFileWasThere() throws IOException {
        Path file = Files.createFile(here.resolve("file"));

        assertThat(disk.unlink(file)).isTrue();
        assertThat(disk.unlink(file)).isFalse();
        assertThat(file).doesNotExist();
    }

    @Test
    void unlinkRemovesALinkAndKeepsWhatItPointsTo() throws IOException {
        Path target = Files.writeString(here.resolve("target"), "content");
        Path link = Files.createSymbolicLink(here.resolve("link"), target);

        assertThat(disk.unlink(link)).isTrue();

        assertThat(Files.exists(link, LinkOption.NOFOLLOW_LINKS)).isFalse();
        assertThat(target).hasContent("content");
    }

    @Test
    void unlinkRemovesOnlyAnEmptyFolder() throws IOException {
        Path folder = Files.createDirectory(here.resolve("folder"));
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> disk.unlink(folder)).isInstanceOf(DirectoryNotEmptyException.class);
        assertThat(file).exists();

        assertThat(disk.unlink(file)).isTrue();
        assertThat(disk.unlink(folder)).isTrue();
        assertThat(folder).doesNotExist();
    }

    @Test
    void aNewFileIsEmptyAndItsNameMustBeFree() throws IOException {
        Path file = here.resolve("file");
        try (DiskFile created = disk.create(file)) {
            assertThat(created.size()).isZero();
            assertThat(created.read(ByteBuffer.allocate(1), 0)).isEqualTo(-1);
        }
        Files.writeString(file, "content");

        assertThatThrownBy(() -> disk.create(file)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(file).hasContent("content");
    }

    @Test
    void createDoesNotWriteThroughALink() throws IOException {
        Path link = Files.createSymbolicLink(here.resolve("link"), here.resolve("target"));

        assertThatThrownBy(() -> disk.create(link)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(here.resolve("target")).doesNotExist();
    }

    @Test
    void aFileCannotBeMadeInAFolderThatIsGone() {
        Path gone = here.resolve("owner");

        assertThatThrownBy(() -> disk.create(gone.resolve("file")))
                .isInstanceOf(FolderGoneException.class)
                .hasMessage("folder " + gone + " is gone: it was deleted or moved while in use");
    }

    @Test
    void anOpenFileIsReadAtAnyPosition() throws IOException {
        Path file = Files.writeString(here.resolve("file"), "0123456789");
        try (DiskFile open = disk.open(file)) {
            ByteBuffer three = ByteBuffer.allocate(3);
            assertThat(open.size()).isEqualTo(10);
            assertThat(open.read(three, 4)).isEqualTo(3);
            assertThat(new String(three.array(), StandardCharsets.US_ASCII)).isEqualTo("456");
            assertThat(open.read(three.clear(), 8)).isEqualTo(2);
            assertThat(open.read(three.clear(), 10)).isEqualTo(-1);
            open.sync();
        }
    }

    @Test
    void openRefusesALink() throws IOException {
        Path target = Files.writeString(here.resolve("target"), "secret");
        Path link = Files.createSymbolicLink(here.resolve("link"), target);

        assertThatThrownBy(() -> disk.open(link))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("symbolic links");
    }

    @Test
    void openingWhatIsNotThereSaysSo() {
        assertThatThrownBy(() -> disk.open(here.resolve("gone"))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void listShowsEveryEntryOfWhateverKind() throws IOException {
        Files.createFile(here.resolve("file"));
        Files.createFile(here.resolve(".hidden"));
        Files.createDirectory(here.resolve("folder"));
        Files.createFile(here.resolve("folder").resolve("deeper"));
        Files.createSymbolicLink(here.resolve("dangling"), here.resolve("nothing"));

        List<String> names = new ArrayList<>();
        disk.list(here, names::add);

        assertThat(names).containsExactlyInAnyOrder("file", ".hidden", "folder", "dangling");
    }

    @Test
    void listingAFolderThatIsGoneSaysSo() {
        Path gone = here.resolve("gone");

        assertThatThrownBy(() -> disk.list(gone, name -> {}))
                .isInstanceOf(FolderGoneException.class)
                .hasMessage("folder " + gone + " is gone: it was deleted or moved while in use");
    }

    @Test
    void onlyARealFolderIsListed() throws Exception {
        Path folder = Files.createDirectory(here.resolve("folder"));
        Path link = Files.createSymbolicLink(here.resolve("link"), folder);
        Path pipe = here.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        assertThatThrownBy(() -> disk.list(link, name -> {}))
                .isInstanceOf(OddFolderException.class)
                .hasMessageStartingWith(link + " is a symbolic link, not a folder");
        assertThatThrownBy(() -> disk.list(pipe, name -> {}))
                .hasMessageStartingWith(pipe + " is a named pipe, not a folder");
    }

    @Test
    void theStatusOfAnEntryIsItsOwn() throws IOException {
        Path file = Files.write(here.resolve("file"), new byte[7]);
        Path other = Files.createLink(here.resolve("other"), file);
        Path link = Files.createSymbolicLink(here.resolve("link"), file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));

        FileStatus status = requireNonNull(disk.status(file));
        assertThat(status.kind()).isEqualTo(FileStatus.Kind.FILE);
        assertThat(status.links()).isEqualTo(2);
        assertThat(status.bytes()).isEqualTo(7);
        assertThat(status.permissions()).isEqualTo(0664);
        assertThat(status.isWritableByOthers()).isTrue();
        assertThat(status.user()).isEqualTo(Files.getAttribute(file, "unix:uid"));
        assertThat(status.isSameFile(requireNonNull(disk.status(other)))).isTrue();
        assertThat(status.isSameFile(requireNonNull(disk.status(link)))).isFalse();
        assertThat(requireNonNull(disk.status(link)).kind()).isEqualTo(FileStatus.Kind.LINK);
        assertThat(requireNonNull(disk.status(here)).isFolder()).isTrue();
        assertThat(disk.status(here.resolve("gone"))).isNull();

        disk.makePrivate(file);
        assertThat(requireNonNull(disk.status(file)).permissions()).isEqualTo(FileStatus.PRIVATE_FILE);
    }

    @Test
    void listingAFileIsAnError() throws IOException {
        Path file = Files.createFile(here.resolve("file"));

        assertThatThrownBy(() -> disk.list(file, name -> {})).isInstanceOf(OddFolderException.class);
    }

    @Test
    void lookTellsWhatIsThereAndNullForNothing() throws IOException {
        Files.writeString(here.resolve("file"), "four");

        BasicFileAttributes file = Objects.requireNonNull(disk.look(here.resolve("file")));

        assertThat(file.isRegularFile()).isTrue();
        assertThat(file.size()).isEqualTo(4);
        assertThat(disk.look(here)).isNotNull().matches(BasicFileAttributes::isDirectory);
        assertThat(disk.look(here.resolve("gone"))).isNull();
    }

    @Test
    void lookDoesNotFollowLinks() throws IOException {
        Path target = Files.createFile(here.resolve("target"));
        Path link = Files.createSymbolicLink(here.resolve("link"), target);
        Path dangling = Files.createSymbolicLink(here.resolve("dangling"), here.resolve("nothing"));

        assertThat(disk.look(link)).isNotNull().matches(BasicFileAttributes::isSymbolicLink);
        assertThat(disk.look(dangling)).isNotNull().matches(BasicFileAttributes::isSymbolicLink);
    }

    @Test
    void creatingAFolderThatIsThereLeavesItAsItIs() throws IOException {
        Path folder = Files.createDirectory(
                here.resolve("folder"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
        Files.createFile(folder.resolve("file"));

        disk.createFolder(folder);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwxr-x---");
        assertThat(folder.resolve("file")).exists();
    }

    @Test
    void aFolderCannotBeMadeWhereAFileOrALinkIs() throws IOException {
        Path file = Files.createFile(here.resolve("file"));
        Path link = Files.createSymbolicLink(here.resolve("link"), here);

        assertThatThrownBy(() -> disk.createFolder(file)).isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> disk.createFolder(link)).isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void aFolderCannotBeMadeWithoutItsParent() {
        assertThatThrownBy(() -> disk.createFolder(here.resolve("parent").resolve("child")))
                .isInstanceOf(FolderGoneException.class)
                .hasMessageContaining(here.resolve("parent").toString());
        assertThat(here.resolve("parent")).doesNotExist();
    }

    @Test
    void aFolderCanBeSyncedOnlyWhereItIs() throws IOException {
        disk.syncFolder(here);

        assertThatThrownBy(() -> disk.syncFolder(here.resolve("gone"))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void anInterruptIsPutOffUntilTheFolderIsSynced() throws IOException {
        Thread.currentThread().interrupt();

        disk.syncFolder(here);

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    @Timeout(60)
    void newFilesAreThereForTheirOwnerOnlyWhateverTheUmask(@TempDir Path temporary) throws Exception {
        for (String umask : List.of("000", "077")) {
            Path room = Files.createDirectory(here.resolve(umask));
            try (ChildJvm child = ChildJvm.startWithUmask(umask, temporary, ModesOfNewFiles.class, room.toString())) {
                assertThat(child.line()).isEqualTo("locked");
                assertThat(child.line()).as("folder").isEqualTo("rwx------");
                assertThat(child.line()).as("file").isEqualTo("rw-------");
                assertThat(child.line()).as("locked file").isEqualTo("rw-------");
            }
        }
    }

    @Test
    @Timeout(60)
    void aLockIsHeldForAsLongAsItsProcessLivesEvenWhileItIsStopped(@TempDir Path temporary) throws Exception {
        Path file = here.resolve("owner-1.lock");
        try (ChildJvm child = ChildJvm.start(temporary, LockHolder.class, file.toString())) {
            assertThat(child.line()).isEqualTo("locked");
            assertThat(disk.tryLock(file)).as("lock of a live process").isNull();

            child.freeze();
            assertThat(disk.tryLock(file)).as("lock of a stopped process").isNull();

            child.kill();
            try (Closeable lock = disk.tryLock(file)) {
                assertThat(lock).as("lock of a killed process").isNotNull();
            }
        }
    }

    @Test
    @Timeout(60)
    void lockingAgainWithinThisJvmDoesNotLoseTheLock(@TempDir Path temporary) throws Exception {
        Path file = here.resolve("owner-1.lock");
        try (Closeable lock = disk.createLocked(file)) {
            assertThat(lock).isNotNull();
            assertThatThrownBy(() -> disk.tryLock(file)).isInstanceOf(OverlappingFileLockException.class);

            try (ChildJvm child = ChildJvm.start(temporary, LockTaker.class, file.toString())) {
                assertThat(child.line()).isEqualTo("not locked");
            }
        }
        try (ChildJvm child = ChildJvm.start(temporary, LockTaker.class, file.toString())) {
            assertThat(child.line()).as("after it was closed").isEqualTo("locked");
        }
    }

    /** The JVM closes a channel that nobody refers to, and that would drop the lock. */
    @Test
    @Timeout(120)
    void whatWasOpenedToLockAgainIsNeverClosedNotEvenByTheGarbageCollector() throws Exception {
        Path file = here.resolve("owner-1.lock");
        Path control = Files.createFile(here.resolve("control"));
        try (Closeable lock = disk.createLocked(file)) {
            assertThat(lock).isNotNull();
            assertThatThrownBy(() -> disk.tryLock(file)).isInstanceOf(OverlappingFileLockException.class);
            FileChannel.open(control, StandardOpenOption.READ); // for the collector
            while (descriptors(control) > 0) {
                System.gc();
                Thread.sleep(10);
            }

            assertThat(descriptors(file)).isEqualTo(2);
        }
    }

    private static long descriptors(Path file) throws IOException {
        long found = 0;
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : open) {
                found += isLinkTo(file, descriptor) ? 1 : 0;
            }
        }
        return found;
    }

    private static boolean isLinkTo(Path file, Path descriptor) throws IOException {
        try {
            return Files.readSymbolicLink(descriptor).equals(file.toRealPath());
        } catch (NoSuchFileException closedMeanwhile) {
            return false;
        }
    }

    /** The kernel drops it without a word when any descriptor of the file is closed. */
    @Test
    @Timeout(120)
    void aLockThatThisJvmDroppedByReadingTheFileIsBackAfterARenewal(@TempDir Path temporary) throws Exception {
        Path file = here.resolve("owner-1.lock");
        try (HeldLock lock = Objects.requireNonNull(disk.createLocked(file))) {
            Files.readAllBytes(file);
            assertThat(lockedByAChild(temporary, file)).as("dropped").isEqualTo("locked");

            assertThat(lock.renew()).isTrue();
            assertThat(lockedByAChild(temporary, file)).as("renewed").isEqualTo("not locked");
            assertThat(lock.renew()).isTrue();
            assertThat(disk.touch(file, 1_000_000)).isTrue();
            assertThat(lockedByAChild(temporary, file)).as("touched").isEqualTo("not locked");
        }
        assertThat(lockedByAChild(temporary, file)).as("closed").isEqualTo("locked");
    }

    private static String lockedByAChild(Path temporary, Path file) throws Exception {
        try (ChildJvm child = ChildJvm.start(temporary, LockTaker.class, file.toString())) {
            return child.line();
        }
    }

    @Test
    void touchingMovesTheTimeOfAFileThatIsThere() throws IOException {
        Path file = Files.createFile(here.resolve("file"));

        assertThat(disk.touch(file, 1_234_567_000)).isTrue();
        assertThat(Files.getLastModifiedTime(file).toMillis()).isEqualTo(1_234_567_000);
        assertThat(disk.touch(here.resolve("gone"), 1)).isFalse();
    }

    @Test
    void aRenameToAnotherMountIsRefusedAndNotMadeACopy() throws IOException {
        Path other = Path.of("/dev/shm");
        assumeTrue(
                Files.isWritable(other) && !Files.getFileStore(other).equals(Files.getFileStore(here)),
                "needs a second mount");
        Path from = Files.writeString(here.resolve("from"), "content");
        Path to = other.resolve("turboqueue-test-" + ProcessHandle.current().pid());

        assertThatThrownBy(() -> disk.rename(from, to))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "cannot rename " + from + " to " + to + ": a spool and all its folders must be on one mount");
        assertThat(from).hasContent("content");
        assertThat(to).doesNotExist();
    }

    @Test
    void aLockThatWasClosedCanBeTakenAgain() throws IOException {
        Path file = here.resolve("owner-1.lock");
        Objects.requireNonNull(disk.createLocked(file)).close();

        try (Closeable second = disk.tryLock(file)) {
            assertThat(second).isNotNull();
        }
    }

    @Test
    void lockingNeverMakesReplacesOrFollows() throws IOException {
        Path file = Files.writeString(here.resolve("file"), "content");
        Path link = Files.createSymbolicLink(here.resolve("link"), file);
        Path gone = here.resolve("gone");

        assertThatThrownBy(() -> disk.tryLock(gone)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> disk.tryLock(link))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("symbolic links");
        assertThatThrownBy(() -> disk.createLocked(file)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(gone).doesNotExist();
        assertThat(file).hasContent("content");
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsWrittenIsThereWhereItWasWritten() throws IOException {
        Path path = here.resolve("file");
        try (DiskFile file = disk.create(path)) {
            assertThat(file.write(bytes("behind"), 4)).isEqualTo(6);
            assertThat(file.write(bytes("page"), 0)).isEqualTo(4);
            assertThat(file.size()).isEqualTo(10);
        }
        assertThat(path).hasContent("pagebehind");
    }

    @Test
    void aFileThatIsOpenedToWriteKeepsItsContent() throws IOException {
        Path path = Files.writeString(here.resolve("file"), "content");
        try (DiskFile file = disk.openToWrite(path)) {
            file.write(bytes("C"), 0);
            ByteBuffer read = ByteBuffer.allocate(7);
            assertThat(file.read(read, 0)).isEqualTo(7);
            assertThat(read.flip()).isEqualTo(bytes("Content"));
        }
        assertThat(path).hasContent("Content");
    }

    @Test
    void openingToWriteNeitherCreatesNorFollows() throws IOException {
        Path target = Files.writeString(here.resolve("target"), "content");
        Path link = Files.createSymbolicLink(here.resolve("link"), target);

        assertThatThrownBy(() -> disk.openToWrite(here.resolve("gone"))).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> disk.openToWrite(link)).isInstanceOf(IOException.class);
        assertThat(here.resolve("gone")).doesNotExist();
    }
}
