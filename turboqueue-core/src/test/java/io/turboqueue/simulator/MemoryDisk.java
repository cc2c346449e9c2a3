package io.turboqueue.simulator;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What is on the simulated disk, and what of it would survive a power cut.
 *
 * <p>A file's name changes are one history: a cut keeps the beginning of it that was synced and by chance some more. A
 * sync of a folder makes a history last up to the latest change in that folder, and the other folders in that history
 * with it. A folder that was made and not synced into its parent may go, and then every change in it is undone first. Contents not synced may be lost, cut off or mixed with
 * what was there before.
 */
final class MemoryDisk {

    private static final byte[] EMPTY = {};

    /** A file, whatever its name. */
    static final class Inode {
        final List<Change> unsynced = new ArrayList<>();
        byte[] bytes = EMPTY;
        int length;
        byte[] durable = EMPTY;
        boolean contentSynced = true;
        boolean syncLies;

        @Nullable
        Path path;

        @Nullable
        Player lockedBy;

        @Nullable
        Batch batch;

        /** A name outside the spool, by which an onlooker keeps what the file held then. */
        byte @Nullable [] copied;

        int readers;
        long namedAt;
        long writtenAt;

        int links() {
            return (path == null ? 0 : 1) + (copied == null ? 0 : 1);
        }

        void write(byte[] source, int from, int count, int position) {
            if (position + count > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(64, position + count));
            }
            System.arraycopy(source, from, bytes, position, count);
            length = Math.max(length, position + count);
            contentSynced = false;
        }

        /** A sync that failed once has marked the pages clean: later ones succeed and do nothing. */
        void sync() {
            if (!syncLies) {
                durable = Arrays.copyOf(bytes, length);
                contentSynced = true;
            }
        }
    }

    /** A folder. */
    static final class Folder {
        final Map<String, Inode> files = new LinkedHashMap<>();
        Path path;
        boolean unsynced = true;
        long changes;

        @Nullable
        Player owner;

        Folder(Path path) {
            this.path = path;
        }
    }

    /** A name given (no from), changed, or removed (no to). */
    record Change(@Nullable Path from, @Nullable Path to) {
        boolean isIn(Path folder) {
            return isIn(folder, from) || isIn(folder, to);
        }

        private static boolean isIn(Path folder, @Nullable Path path) {
            return path != null && folder.equals(path.getParent());
        }
    }

    final Map<Path, Folder> folders = new LinkedHashMap<>();
    private final Map<Path, Map<String, Folder>> subfolders = new HashMap<>();
    private final List<Inode> inodes = new ArrayList<>();

    MemoryDisk(Path root) {
        addFolder(root).unsynced = false;
    }

    @Nullable
    Folder folder(@Nullable Path path) {
        return path == null ? null : folders.get(path);
    }

    @Nullable
    Inode file(Path path) {
        Folder folder = folder(path.getParent());
        return folder == null ? null : folder.files.get(name(path));
    }

    static String name(Path path) {
        Path last = path.getFileName();
        return last == null ? "" : last.toString();
    }

    Folder addFolder(Path path) {
        Folder folder = new Folder(path);
        folders.put(path, folder);
        Path parent = path.getParent();
        if (parent != null) {
            subfolders.computeIfAbsent(parent, made -> new LinkedHashMap<>()).put(name(path), folder);
        }
        return folder;
    }

    void removeFolder(Folder folder) {
        folders.remove(folder.path);
        Map<String, Folder> siblings = subfolders.get(folder.path.getParent());
        if (siblings != null) {
            siblings.remove(name(folder.path));
        }
    }

    void renameFolder(Folder folder, Path to) {
        removeFolder(folder);
        Path from = folder.path;
        folder.path = to;
        folders.put(to, folder);
        subfolders
                .computeIfAbsent(to.getParent(), made -> new LinkedHashMap<>())
                .put(name(to), folder);
        for (Map.Entry<String, Inode> entry : folder.files.entrySet()) {
            Inode inode = entry.getValue();
            inode.path = to.resolve(entry.getKey());
            inode.unsynced.replaceAll(change -> new Change(moved(change.from, from, to), moved(change.to, from, to)));
        }
    }

    private static @Nullable Path moved(@Nullable Path path, Path from, Path to) {
        return path != null && from.equals(path.getParent()) ? to.resolve(name(path)) : path;
    }

    List<String> names(Folder folder) {
        List<String> names = new ArrayList<>(folder.files.keySet());
        Map<String, Folder> below = subfolders.get(folder.path);
        if (below != null) {
            names.addAll(below.keySet());
        }
        return names;
    }

    Inode create(Path path, long now) {
        Inode inode = new Inode();
        inodes.add(inode);
        put(inode, path, now);
        inode.unsynced.add(new Change(null, path));
        return inode;
    }

    private void put(Inode inode, Path path, long now) {
        Folder folder = folder(path.getParent());
        if (folder == null) {
            throw new IllegalStateException("no folder for " + path);
        }
        folder.files.put(name(path), inode);
        folder.changes++;
        inode.path = path;
        inode.namedAt = now;
    }

    private void take(Inode inode) {
        Path path = inode.path;
        Folder folder = path == null ? null : folder(path.getParent());
        if (path != null && folder != null) {
            folder.files.remove(name(path), inode);
            folder.changes++;
        }
        inode.path = null;
    }

    void rename(Inode inode, Path to, long now) {
        Path from = inode.path;
        take(inode);
        put(inode, to, now);
        inode.unsynced.add(new Change(from, to));
    }

    void unlink(Inode inode) {
        inode.unsynced.add(new Change(inode.path, null));
        take(inode);
    }

    void syncFolder(Folder folder) {
        for (Inode inode : inodes) {
            for (int i = inode.unsynced.size() - 1; i >= 0; i--) {
                if (inode.unsynced.get(i).isIn(folder.path)) {
                    List<Change> lasting = inode.unsynced.subList(0, i + 1);
                    lasting.forEach(change -> keepFolders(change, folder));
                    lasting.clear();
                    break;
                }
            }
        }
        Map<String, Folder> below = subfolders.get(folder.path);
        if (below != null) {
            below.values().forEach(child -> child.unsynced = false);
        }
    }

    /** A rename is one: it cannot last in one folder and not in the other. */
    private void keepFolders(Change change, Folder synced) {
        keepFolder(change.from, synced);
        keepFolder(change.to, synced);
    }

    private void keepFolder(@Nullable Path path, Folder synced) {
        Folder other = path == null ? null : folder(path.getParent());
        if (other != null && other != synced) {
            other.unsynced = false;
        }
    }

    /** Everything not synced is lost or kept by chance. */
    void cutPower(SplittableRandom random, long now) {
        List<Folder> lost = new ArrayList<>();
        for (Folder folder : folders.values()) {
            if (folder.unsynced && random.nextInt(3) == 0) {
                lost.add(folder);
            }
        }
        for (Inode inode : inodes) {
            undo(inode, keptChanges(inode, lost, random), now);
            if (!inode.contentSynced) {
                damage(inode, random);
            }
            inode.unsynced.clear();
            inode.contentSynced = true;
            inode.syncLies = false;
            inode.lockedBy = null;
            inode.readers = 0;
        }
        lost.forEach(this::lose);
        inodes.removeIf(inode -> inode.path == null && inode.copied == null);
        folders.values().forEach(folder -> folder.unsynced = false);
    }

    private static int keptChanges(Inode inode, List<Folder> lost, SplittableRandom random) {
        int kept = random.nextInt(inode.unsynced.size() + 1);
        for (Folder folder : lost) {
            for (int i = 0; i < kept; i++) {
                if (inode.unsynced.get(i).isIn(folder.path)) {
                    kept = i;
                }
            }
        }
        return kept;
    }

    private void undo(Inode inode, int kept, long now) {
        if (kept == inode.unsynced.size()) {
            return;
        }
        Path back = inode.unsynced.get(kept).from;
        take(inode);
        if (back != null && folder(back.getParent()) == null) {
            addFolder(back.getParent());
        }
        if (back != null) {
            put(inode, back, now);
        }
    }

    private static void damage(Inode inode, SplittableRandom random) {
        switch (random.nextInt(4)) {
            case 0 -> inode.length = 0;
            case 1 -> inode.length = random.nextInt(inode.length + 1);
            case 2 -> {
                inode.bytes = inode.durable;
                inode.length = inode.durable.length;
            }
            default -> {
                // written back in time
            }
        }
        inode.durable = Arrays.copyOf(inode.bytes, inode.length);
        inode.copied = null;
    }

    private void lose(Folder folder) {
        for (Inode inode : List.copyOf(folder.files.values())) {
            take(inode);
        }
        removeFolder(folder);
    }
}
