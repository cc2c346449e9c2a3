package io.turboqueue.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turboqueue.disk.DiskFile;
import io.turboqueue.disk.ForwardingDisk;
import io.turboqueue.disk.LocalDisk;
import io.turboqueue.disk.Volume;
import io.turboqueue.layout.SpoolFolder;
import io.turboqueue.time.ManualNanos;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens on a disk on which a few files are too many. */
class ReclaimingDiskTest {

    @TempDir
    Path temp;

    private final ManualNanos nanos = new ManualNanos();
    private final SmallDisk small = new SmallDisk();
    private Path spool = Path.of("unset");
    private DiskSpace room = new DiskSpace(new Volume(Path.of("/")), nanos);
    private ReclaimingDisk disk = new ReclaimingDisk(small, new SpoolFolder(spool), room, nanos);

    /** Has no room for anything new while more than that many emptied files are kept. */
    private final class SmallDisk extends ForwardingDisk {
        private int most = Integer.MAX_VALUE;
        private int listings;

        private void needRoom(Path file) throws IOException {
            if (kept("a") + kept("b") > most) {
                throw new FileSystemException(file.toString(), null, "No space left on device");
            }
        }

        @Override
        public void createFolder(Path folder) throws IOException {
            needRoom(folder);
            super.createFolder(folder);
        }

        @Override
        public boolean rename(Path from, Path to) throws IOException {
            needRoom(to);
            return super.rename(from, to);
        }

        @Override
        public DiskFile create(Path file) throws IOException {
            DiskFile made = super.create(file);
            return new DiskFile() {
                @Override
                public int read(ByteBuffer target, long position) throws IOException {
                    return made.read(target, position);
                }

                @Override
                public int write(ByteBuffer source, long position) throws IOException {
                    needRoom(file);
                    return made.write(source, position);
                }

                @Override
                public long size() throws IOException {
                    return made.size();
                }

                @Override
                public void sync() throws IOException {
                    made.sync();
                }

                @Override
                public void close() throws IOException {
                    made.close();
                }
            };
        }

        @Override
        public void list(Path folder, Consumer<String> visitor) throws IOException {
            listings++;
            super.list(folder, visitor);
        }
    }

    @BeforeEach
    void makeTwoQueuesThatKeepTwoFilesEach() throws IOException {
        spool = temp.resolve("spool");
        for (String file : new String[] {"a/free/1.db", "a/free/2.db", "b/free/3.db", "b/free/4.db"}) {
            Files.createDirectories(spool.resolve(file).getParent());
            Files.createFile(spool.resolve(file));
        }
        room = new DiskSpace(new Volume(spool), nanos);
        disk = new ReclaimingDisk(small, new SpoolFolder(spool), room, nanos);
    }

    private int kept(String queue) throws IOException {
        int[] files = {0};
        new LocalDisk().list(spool.resolve(queue).resolve("free"), name -> files[0]++);
        return files[0];
    }

    @Test
    void emptiedFilesAreGivenUpQueueByQueueUntilThereIsRoom() throws IOException {
        small.most = 2;
        disk.createFolder(spool.resolve("new"));

        assertThat(spool.resolve("new")).isDirectory();
        assertThat(kept("a")).isZero();
        assertThat(kept("b")).isEqualTo(2);
        assertThat(room.isScarce()).as("remembered").isTrue();
    }

    @Test
    void aFileThatGrowsAndAFolderThatTakesANameGetRoomToo() throws IOException {
        small.most = 2;
        try (DiskFile file = disk.create(spool.resolve("file"))) {
            assertThat(file.write(ByteBuffer.wrap(new byte[10]), 0)).isEqualTo(10);
        }
        assertThat(kept("a")).isZero();
        small.most = 0;
        assertThat(disk.rename(spool.resolve("file"), spool.resolve("other"))).isTrue();
        assertThat(kept("b")).isZero();
    }

    @Test
    void withoutAnythingToGiveUpTheFailureIsTheAnswerAndTheSearchIsNotRepeatedAtOnce() {
        small.most = -1;
        assertThatThrownBy(() -> disk.createFolder(spool.resolve("new"))).hasMessageContaining("No space left");
        int listings = small.listings;
        assertThatThrownBy(() -> disk.createFolder(spool.resolve("new"))).hasMessageContaining("No space left");
        assertThat(small.listings).isEqualTo(listings);

        nanos.advance(Duration.ofSeconds(1));
        assertThatThrownBy(() -> disk.createFolder(spool.resolve("new"))).hasMessageContaining("No space left");
        assertThat(small.listings).isGreaterThan(listings);
    }

    @Test
    void aFailureThatMeansSomethingElseCostsNoEmptiedFile() throws IOException {
        Files.createFile(spool.resolve("taken"));

        assertThatThrownBy(() -> disk.create(spool.resolve("taken"))).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(kept("a") + kept("b")).isEqualTo(4);
        assertThat(small.listings).isZero();
    }

    @Test
    void roomIsScarceOnlyForAWhileAfterSomethingCouldNotBeCreated() {
        boolean before = room.isScarce();
        room.ranOut();
        assertThat(room.isScarce()).isTrue();
        nanos.advance(Duration.ofSeconds(10));
        assertThat(room.isScarce()).isEqualTo(before);
    }
}
