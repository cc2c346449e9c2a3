package io.turboqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small file system in memory, which only root can mount: without that right the test is skipped. */
public final class MountedDisk {

    private final Path log;
    private final Path folder;

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
        assertThat(run("umount", folder.toString())).as("unmounted").isTrue();
    }
}
