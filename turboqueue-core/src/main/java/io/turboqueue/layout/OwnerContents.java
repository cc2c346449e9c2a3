package io.turboqueue.layout;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.FolderGoneException;
import io.turboqueue.disk.OddFolderException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is in an owner directory.
 *
 * @param entries loadings and claims
 * @param lockFiles names of lock files
 * @param foreign names that are neither; left alone
 */
public record OwnerContents(List<OwnerEntry> entries, List<String> lockFiles, List<String> foreign) {

    /** Lists a directory; one that is gone or no folder is empty. */
    public static OwnerContents of(Disk disk, Path directory) throws IOException {
        OwnerContents contents = new OwnerContents(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        try {
            disk.list(directory, contents::add);
        } catch (FolderGoneException | OddFolderException none) {
            return new OwnerContents(List.of(), List.of(), List.of());
        }
        return contents;
    }

    private void add(String name) {
        if (LockFile.isOne(name)) {
            lockFiles.add(name);
            return;
        }
        Optional<OwnerEntry> entry = OwnerEntry.parse(name);
        entry.ifPresent(entries::add);
        if (entry.isEmpty()) {
            foreign.add(name);
        }
    }

    /** The number of the newest lock file; 0 if there is none. */
    public int newestLockFile() {
        return lockFiles.stream()
                .mapToInt(name -> LockFile.number(name).orElse(0))
                .max()
                .orElse(0);
    }
}
