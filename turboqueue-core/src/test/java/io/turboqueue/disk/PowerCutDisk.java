package io.turboqueue.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A disk that remembers what was not synced, and at a power cut forgets some of it, by chance: contents of files never
 * synced, and names given, changed and removed since their folder was last synced. A rename is lost as a whole or kept as
 * a whole. Syncs only take note.
 */
public final class PowerCutDisk implements Disk {

    private static final int BLOCK = 4096;

    private final Disk disk = new LocalDisk();
    private final Path aside;
    private final List<Inode> inodes = new ArrayList<>();
    private final Map<Path, Inode> byPath = new HashMap<>();
    private final Map<Path, Path> unsyncedFolders = new LinkedHashMap<>();
    private int links;

    private static final class Inode {
        /** What happened to its name since that was last known to last. */
        final List<Change> unsynced = new ArrayList<>();

        @Nullable
        Path path;

        boolean contentSynced;
    }

    /** A name given (no from), changed or removed (no to); a removed file is kept aside. */
    private record Change(
            @Nullable Path from,
            @Nullable Path to,
            @Nullable Path kept) {
        boolean lasts(Path syncedFolder) {
            return isIn(syncedFolder, from) || isIn(syncedFolder, to);
        }

        private static boolean isIn(Path folder, @Nullable Path path) {
            return path != null && folder.equals(path.getParent());
        }
    }

    /** Keeps removed files in a folder of the same file system. */
    public PowerCutDisk(Path aside) {
        this.aside = aside;
    }

    @Override
    public synchronized void createFolder(Path folder) throws IOException {
        boolean isNew = disk.look(folder) == null;
        disk.createFolder(folder);
        if (isNew && folder.getParent() != null) {
            unsyncedFolders.put(folder, folder.getParent());
        }
    }

    @Override
    public synchronized DiskFile create(Path file) throws IOException {
        DiskFile created = disk.create(file);
        Inode inode = new Inode();
        inode.path = file;
        inode.unsynced.add(new Change(null, file, null));
        inodes.add(inode);
        byPath.put(file, inode);
        return new NotedFile(created, inode);
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        return disk.open(file);
    }

    @Override
    public synchronized DiskFile openToWrite(Path file) throws IOException {
        DiskFile open = disk.openToWrite(file);
        Inode inode = byPath.get(file);
        return inode == null ? open : new NotedFile(open, inode);
    }

    @Override
    public synchronized boolean rename(Path from, Path to) throws IOException {
        if (!disk.rename(from, to)) {
            return false;
        }
        Inode inode = byPath.remove(from);
        if (inode != null) {
            inode.unsynced.add(new Change(from, to, null));
            inode.path = to;
            byPath.put(to, inode);
        }
        if (unsyncedFolders.remove(from) != null && to.getParent() != null) {
            unsyncedFolders.put(to, to.getParent());
        }
        return true;
    }

    @Override
    public synchronized boolean unlink(Path path) throws IOException {
        Inode inode = byPath.get(path);
        Path kept = aside.resolve("removed-" + links++);
        if (inode != null) {
            Files.createLink(kept, path);
        }
        boolean done = disk.unlink(path);
        if (done && inode != null) {
            byPath.remove(path);
            inode.unsynced.add(new Change(path, null, kept));
            inode.path = null;
        }
        unsyncedFolders.remove(path);
        return done;
    }

    @Override
    public void list(Path folder, Consumer<String> visitor) throws IOException {
        disk.list(folder, visitor);
    }

    @Override
    public @Nullable BasicFileAttributes look(Path path) throws IOException {
        return disk.look(path);
    }

    @Override
    public boolean exists(Path path) {
        return disk.exists(path);
    }

    @Override
    public @Nullable FileStatus status(Path path) throws IOException {
        return disk.status(path);
    }

    @Override
    public void makePrivate(Path file) throws IOException {
        disk.makePrivate(file);
    }

    /** What was done before the latest change in this folder was done in another one lasts too: it is one history. */
    @Override
    public synchronized void syncFolder(Path folder) {
        for (Inode inode : inodes) {
            for (int i = inode.unsynced.size() - 1; i >= 0; i--) {
                if (inode.unsynced.get(i).lasts(folder)) {
                    inode.unsynced.subList(0, i + 1).clear();
                    break;
                }
            }
        }
        unsyncedFolders.values().removeIf(folder::equals);
    }

    @Override
    public boolean touch(Path file, long millis) {
        return disk.touch(file, millis);
    }

    @Override
    public @Nullable HeldLock createLocked(Path file) throws IOException {
        return disk.createLocked(file);
    }

    @Override
    public @Nullable Closeable tryLock(Path file) throws IOException {
        return disk.tryLock(file);
    }

    /** Forgets, by chance, changes of names and contents; folders are taken to last. */
    public synchronized void cutPower(SplittableRandom random) throws IOException {
        for (Inode inode : inodes) {
            int kept = random.nextInt(inode.unsynced.size() + 1);
            for (int i = inode.unsynced.size() - 1; i >= kept; i--) {
                undo(inode, inode.unsynced.get(i));
            }
            if (inode.path != null && !inode.contentSynced) {
                damage(inode.path, random);
            }
        }
    }

    /** Forgets everything: each name not synced, then each folder made in one not synced since, with all that is in it. */
    public synchronized void cutPowerAndForgetFolders() throws IOException {
        for (Inode inode : inodes) {
            for (int i = inode.unsynced.size() - 1; i >= 0; i--) {
                undo(inode, inode.unsynced.get(i));
            }
        }
        for (Path folder : unsyncedFolders.keySet()) {
            deleteTree(folder);
        }
    }

    private static void undo(Inode inode, Change change) throws IOException {
        Path back = change.from;
        if (back != null) {
            Files.createDirectories(back.getParent());
        }
        if (change.to != null && back != null) {
            Files.move(change.to, back, StandardCopyOption.ATOMIC_MOVE);
        } else if (change.to != null) {
            Files.delete(change.to);
        } else if (change.kept != null && back != null) {
            Files.move(change.kept, back, StandardCopyOption.ATOMIC_MOVE);
        }
        inode.path = back;
    }

    private static void damage(Path file, SplittableRandom random) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            long blocks = (channel.size() + BLOCK - 1) / BLOCK;
            switch (random.nextInt(4)) {
                case 0 -> channel.truncate(0);
                case 1 -> channel.truncate(BLOCK * random.nextLong(blocks + 1));
                case 2 -> channel.write(ByteBuffer.allocate(BLOCK), BLOCK * random.nextLong(blocks + 1));
                default -> {
                    // written back in time
                }
            }
        }
    }

    private static void deleteTree(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> tree = Files.walk(folder)) {
                for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private record NotedFile(DiskFile file, Inode inode) implements DiskFile {
        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            inode.contentSynced = false;
            return file.write(source, position);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void sync() {
            inode.contentSynced = true;
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
