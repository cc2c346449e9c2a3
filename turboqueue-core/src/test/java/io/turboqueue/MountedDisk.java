package io.turboqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A small file system, which only root can mount: without that right, or its tools, the test is skipped. */
public final class MountedDisk {

    private final Path log;
    private final Path folder;
    private @Nullable Path bound;

    private MountedDisk(Path temp) throws IOException {
        this.log = temp.resolve("mount.log");
        this.folder = Files.createDirectory(temp.resolve("disk"));
    }

    /**
     * Mounts it in a folder of the test's own.
     *
     * @param size as {@code mount} wants it, such as 1m
     */
    public static MountedDisk mount(Path temp, String size) throws IOException, InterruptedException {
        MountedDisk disk = new MountedDisk(temp);
        boolean mounted =
                disk.run("mount", "-t", "tmpfs", "-o", "size=" + size + ",mode=0700", "tmpfs", disk.folder.toString());
        assumeThat(mounted).as("this user may mount a file system").isTrue();
        return disk;
    }

    /**
     * Mounts one of ext4, in a file of the test's own.
     *
     * @param megabytes its size, 4 at least
     * @param inodes how many files and folders it can hold
     */
    public static MountedDisk ext4(Path temp, int megabytes, int inodes) throws IOException, InterruptedException {
        MountedDisk disk = new MountedDisk(temp);
        Path image = Files.createFile(temp.resolve("image"));
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength((long) megabytes << 20);
        }
        String count = Integer.toString(inodes);
        boolean mounted = disk.run("mkfs.ext4", "-q", "-m", "0", "-b", "4096", "-N", count, image.toString())
                && disk.run("mount", "-o", "loop", image.toString(), disk.folder.toString());
        assumeThat(mounted).as("this user may make and mount ext4").isTrue();
        return disk;
    }

    /** Fills it to the last inode and the last byte, with files in a folder of its own. */
    public Ballast fill() throws IOException {
        Path ballast = Files.createDirectory(folder.resolve("ballast"));
        fill(ballast);
        return new Ballast(ballast);
    }

    /** Fills the disk with files in that folder, or fills it again. */
    static void fill(Path ballast) throws IOException {
        Path bytes = ballast.resolve("bytes");
        if (!Files.exists(bytes)) {
            Files.createFile(bytes);
        }
        fillInodes(ballast); // first, since names take bytes
        fillBytes(bytes);
    }

    private static void fillBytes(Path file) throws IOException {
        for (int size = 1 << 16; size > 0; size /= 2) {
            boolean full = false;
            while (!full) {
                try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
                    out.write(new byte[size]);
                } catch (IOException noSpace) {
                    full = true;
                }
            }
        }
    }

    private static void fillInodes(Path ballast) {
        try {
            while (true) {
                Files.createTempFile(ballast, "inode-", "");
            }
        } catch (IOException noInode) {
            // that is what was wanted
        }
    }

    /**
     * What fills a disk.
     *
     * @param folder where it is
     */
    public record Ballast(Path folder) {
        /** Makes room again. */
        public void drop() throws IOException {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    /** Where it is mounted. */
    public Path folder() {
        return folder;
    }

    /** Mounts it again with other options, such as ro. */
    public void remount(String options) throws InterruptedException {
        assertThat(run("mount", "-o", "remount," + options, folder.toString()))
                .as("remounted %s", options)
                .isTrue();
    }

    /** Makes one folder of it read-only, by a mount over itself that the table of mounts hardly shows. */
    public void bindReadOnly(Path folderInIt) throws InterruptedException {
        String place = folderInIt.toString();
        assertThat(run("mount", "--bind", place, place)).as("mounted %s", place).isTrue();
        bound = folderInIt;
        assertThat(run("mount", "-o", "remount,bind,ro", place)).as("read-only").isTrue();
    }

    private boolean run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }

    /** Gives it back. */
    public void unmount() throws InterruptedException {
        Path second = bound;
        if (second != null) {
            assertThat(run("umount", second.toString())).as("unmounted").isTrue();
        }
        assertThat(run("umount", folder.toString())).as("unmounted").isTrue();
    }
}
