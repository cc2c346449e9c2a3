package io.turboqueue.directory;

import io.turboqueue.io.Disk;
import io.turboqueue.io.FolderGoneException;
import java.io.IOException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What lies at a desk.
 *
 * @param entries loadings and claims
 * @param foreign names that are neither; left alone
 */
public record DeskContents(List<DeskEntry> entries, List<String> foreign) {

    /** Lists a desk; one that is gone or no folder is empty. */
    public static DeskContents of(Disk disk, Path desk) throws IOException {
        DeskContents contents = new DeskContents(new ArrayList<>(), new ArrayList<>());
        try {
            disk.list(desk, contents::add);
        } catch (FolderGoneException | NotDirectoryException noDesk) {
            return new DeskContents(List.of(), List.of());
        }
        return contents;
    }

    private void add(String name) {
        if (name.equals(Desk.BEACON)) {
            return;
        }
        Optional<DeskEntry> entry = DeskEntry.parse(name);
        entry.ifPresent(entries::add);
        if (entry.isEmpty()) {
            foreign.add(name);
        }
    }
}
