package io.turboqueue.disk;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The file system that a folder is on, as far as this process can tell. Thread-safe.
 *
 * <p>How much room there is, every folder tells ({@code statvfs(3)}). Type and mount options are in the table of mounts only,
 * and that does not show every mount: in a chroot whose root is not a mount point, say, the one of the root is missing.
 *
 * @param folder a folder that is there
 */
public record Volume(Path folder) {

    /** Bytes that this user can still write; 0 if that cannot be told. */
    public long usableBytes() {
        return folder.toFile().getUsableSpace();
    }

    /** Bytes there are; 0 if that cannot be told. */
    public long totalBytes() {
        return folder.toFile().getTotalSpace();
    }

    /**
     * Such as {@code ext4}.
     *
     * @throws IOException if the table of mounts does not tell
     */
    public String type() throws IOException {
        return store().type();
    }

    /**
     * What is mounted, such as {@code /dev/sda1}.
     *
     * @throws IOException if the table of mounts does not tell
     */
    public String device() throws IOException {
        return store().name();
    }

    /**
     * Whether the table of mounts says that nothing can be written. A read-only bind mount is not always found.
     *
     * @throws IOException if the table of mounts does not tell
     */
    public boolean isReadOnly() throws IOException {
        return store().isReadOnly();
    }

    private FileStore store() throws IOException {
        return Files.getFileStore(folder);
    }
}
