package io.turboqueue.layout;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A few small files in a spool that mean nothing and are given up for folders alone when the disk is full: with their inodes
 * and blocks a process gets its owner directory, although nothing else is left, and can begin to make room. Thread-safe.
 *
 * @param disk the disk
 * @param spool the spool
 */
public record Reserve(Disk disk, SpoolFolder spool) {

    private static final Logger LOG = LoggerFactory.getLogger(Reserve.class);
    private static final String PREFIX = ".reserve-";
    private static final int FILES = 3; // a folder, a lock file, and a block for the name of the folder
    private static final int BYTES = 4096;

    /** Whether this is the name of such a file in the spool's folder. */
    static boolean isName(String name) {
        return name.matches("\\.reserve-[1-" + FILES + "]");
    }

    private Path file(int number) {
        return spool.path().resolve(PREFIX + number);
    }

    /** Makes what is missing, if there is room. */
    public void provide() {
        try {
            for (int i = 1; i <= FILES; i++) {
                BasicFileAttributes found = disk.look(file(i));
                if (found == null || (found.isRegularFile() && found.size() < BYTES)) {
                    make(file(i));
                }
            }
        } catch (IOException noRoom) {
            LOG.debug("no reserve in {}: {}", spool.path(), noRoom.toString());
        }
    }

    private void make(Path file) throws IOException {
        disk.unlink(file);
        try (DiskFile made = disk.create(file)) {
            ByteBuffer bytes = ByteBuffer.allocate(BYTES);
            while (bytes.hasRemaining()) {
                made.write(bytes, bytes.position());
            }
        } catch (FileAlreadyExistsException byAnother) {
            LOG.debug("{} was made by another process", file);
        }
    }

    /** Gives it up; whether there was any. */
    public boolean giveUp() throws IOException {
        boolean any = false;
        for (int i = 1; i <= FILES; i++) {
            any |= disk.unlink(file(i));
        }
        return any;
    }
}
