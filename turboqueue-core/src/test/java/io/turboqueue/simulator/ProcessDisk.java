package io.turboqueue.simulator;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.DiskFile;
import io.turboqueue.disk.FileStatus;
import io.turboqueue.disk.FolderGoneException;
import io.turboqueue.disk.HeldLock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The disk as one simulated process sees it. Before each operation others may do something and the disk may fail; before
 * and after each, the process may die.
 */
class ProcessDisk implements Disk {

    private static final int DEATHS = 900;

    private final World world;
    private final Player player;
    private final MemoryDisk disk;

    ProcessDisk(World world, Player player) {
        this.world = world;
        this.player = player;
        this.disk = world.disk;
    }

    private void before(boolean needsSpace, String what, Path path) throws IOException {
        requireAlive();
        world.beforeOperation();
        requireAlive();
        mayDie(what, path);
        world.mayFail(needsSpace, what, path);
    }

    private void after(String what, Path path) {
        mayDie(what, path);
    }

    private void mayDie(String what, Path path) {
        if (player.isMortal() && world.chance(DEATHS)) {
            world.note(() -> "  " + player + " dies (" + what + " " + Place.words(path) + ")");
            player.die();
            throw new DiedException();
        }
    }

    private void requireAlive() {
        if (player.isDead()) {
            throw new DiedException();
        }
    }

    private MemoryDisk.Folder requireFolder(@Nullable Path path) throws FolderGoneException {
        MemoryDisk.Folder folder = disk.folder(path);
        if (folder == null) {
            throw new FolderGoneException(path == null ? World.SPOOL : path);
        }
        return folder;
    }

    /** With the flaw of shared names whoever holds the claim now is meant. */
    private MemoryDisk.@Nullable Inode find(Path path) {
        MemoryDisk.Inode exact = disk.file(path);
        if (exact != null || world.flaw != Flaw.SHARED_CLAIM_NAME || Place.of(path) != Place.CLAIMED) {
            return exact;
        }
        Batch batch = world.batches.get(Place.id(path));
        MemoryDisk.Inode inode = batch == null ? null : batch.inode;
        boolean claimed = inode != null && inode.path != null && Place.of(inode.path) == Place.CLAIMED;
        return claimed ? inode : null;
    }

    @Override
    public void createFolder(Path folder) throws IOException {
        before(true, "make", folder);
        if (disk.folder(folder) == null) {
            requireFolder(folder.getParent());
            disk.addFolder(folder).owner = player;
        }
        after("make", folder);
    }

    @Override
    public DiskFile create(Path file) throws IOException {
        before(true, "create", file);
        MemoryDisk.Inode inode = createInode(file);
        after("create", file);
        return new OpenFile(file, inode);
    }

    private MemoryDisk.Inode createInode(Path file) throws IOException {
        if (requireFolder(file.getParent()).files.containsKey(MemoryDisk.name(file))) {
            throw new FileAlreadyExistsException(file.toString());
        }
        return disk.create(file, world.nanos());
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        before(false, "open", file);
        return new OpenFile(file, require(file));
    }

    @Override
    public DiskFile openToWrite(Path file) throws IOException {
        return open(file);
    }

    private MemoryDisk.Inode require(Path file) throws NoSuchFileException {
        MemoryDisk.Inode inode = find(file);
        if (inode == null) {
            throw new NoSuchFileException(file.toString());
        }
        return inode;
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        before(false, "rename", from);
        MemoryDisk.Folder folder = disk.folder(from);
        boolean done = folder == null ? renameFile(from, to) : renameFolder(folder, to);
        after("rename to", to);
        return done;
    }

    private boolean renameFolder(MemoryDisk.Folder folder, Path to) throws IOException {
        requireFolder(to.getParent());
        disk.renameFolder(folder, to);
        return true;
    }

    private boolean renameFile(Path from, Path to) throws IOException {
        requireFolder(from.getParent());
        MemoryDisk.Folder target = requireFolder(to.getParent());
        MemoryDisk.Inode inode = find(from);
        if (inode == null || inode.path == null) {
            return false;
        }
        Path found = inode.path;
        if (world.flaw == Flaw.MOVES_BY_COPY) {
            copyAndDelete(inode, to);
        } else {
            world.referee.renamed(player, inode, found, to, target.files.get(MemoryDisk.name(to)));
            disk.rename(inode, to, world.nanos());
        }
        world.note(() -> player + ": " + Place.words(found) + " becomes " + Place.words(to));
        return true;
    }

    private void copyAndDelete(MemoryDisk.Inode inode, Path to) throws IOException {
        byte[] bytes = inode.bytes.clone();
        int length = inode.length;
        MemoryDisk.Inode copy = createInode(to);
        copy.write(bytes, 0, length, 0);
        copy.batch = inode.batch;
        if (copy.batch != null) {
            copy.batch.inode = copy;
        }
        world.interleave();
        if (inode.path != null) {
            disk.unlink(inode);
        }
    }

    @Override
    public boolean unlink(Path path) throws IOException {
        before(false, "unlink", path);
        MemoryDisk.Folder folder = disk.folder(path);
        boolean done = folder == null ? unlinkFile(path) : unlinkFolder(folder);
        after("unlink", path);
        return done;
    }

    private boolean unlinkFolder(MemoryDisk.Folder folder) throws IOException {
        if (!disk.names(folder).isEmpty()) {
            throw new DirectoryNotEmptyException(folder.path.toString());
        }
        disk.removeFolder(folder);
        return true;
    }

    private boolean unlinkFile(Path path) {
        MemoryDisk.Inode inode = find(path);
        if (inode == null || inode.path == null) {
            return false;
        }
        Path found = inode.path;
        world.referee.unlinked(player, inode, found);
        disk.unlink(inode);
        world.note(() -> player + ": " + Place.words(found) + " is deleted");
        return true;
    }

    /** Files that are renamed while a listing runs are shown by chance not at all, once or twice; all others once. */
    @Override
    public void list(Path path, Consumer<String> visitor) throws IOException {
        before(false, "list", path);
        MemoryDisk.Folder folder = requireFolder(path);
        Map<String, MemoryDisk.Inode> files = new HashMap<>(folder.files);
        List<String> names = disk.names(folder);
        if (world.chance(2)) {
            world.interleave();
            requireAlive();
        }
        List<String> shown = new ArrayList<>(names.size());
        for (String name : names) {
            boolean still = files.containsKey(name)
                    ? files.get(name) == folder.files.get(name)
                    : disk.folder(path.resolve(name)) != null;
            add(shown, name, still ? 1 : world.random.nextInt(3));
        }
        for (String name : folder.files.keySet()) {
            if (!files.containsKey(name)) {
                add(shown, name, world.random.nextInt(3));
            }
        }
        shown.forEach(visitor);
    }

    private static void add(List<String> names, String name, int times) {
        for (int i = 0; i < times; i++) {
            names.add(name);
        }
    }

    @Override
    public @Nullable BasicFileAttributes look(Path path) throws IOException {
        before(false, "look at", path);
        MemoryDisk.Folder folder = disk.folder(path);
        if (folder != null) {
            return new Looks(true, 0, folder.changes, folder);
        }
        MemoryDisk.Inode inode = find(path);
        return inode == null ? null : looks(inode);
    }

    static BasicFileAttributes looks(MemoryDisk.Inode inode) {
        return new Looks(false, inode.length, inode.writtenAt, inode);
    }

    /** No step of its own: what is asked with it is asked again soon. */
    @Override
    public boolean exists(Path path) {
        return disk.folder(path) != null || find(path) != null;
    }

    @Override
    public @Nullable FileStatus status(Path path) throws IOException {
        before(false, "look at", path);
        if (disk.folder(path) != null) {
            return new FileStatus(FileStatus.Kind.FOLDER, 2, 0, 0700, 0, 0, 0);
        }
        MemoryDisk.Inode inode = find(path);
        return inode == null
                ? null
                : new FileStatus(
                        FileStatus.Kind.FILE,
                        inode.links(),
                        0,
                        FileStatus.PRIVATE_FILE,
                        inode.length,
                        0,
                        System.identityHashCode(inode));
    }

    @Override
    public void makePrivate(Path file) throws IOException {
        before(false, "change the mode of", file);
    }

    @Override
    public void syncFolder(Path folder) throws IOException {
        try {
            before(false, "sync", folder);
        } catch (FaultException failed) {
            player.folderSyncFailed = true;
            throw failed;
        }
        disk.syncFolder(requireFolder(folder));
        world.note(() -> player + ": folder " + folder + " is synced");
        after("sync", folder);
    }

    @Override
    public boolean touch(Path file, long millis) {
        MemoryDisk.Inode inode = disk.file(file);
        if (inode != null) {
            inode.writtenAt = millis;
        }
        return inode != null;
    }

    @Override
    public @Nullable HeldLock createLocked(Path file) throws IOException {
        before(true, "create", file);
        MemoryDisk.Inode inode = createInode(file);
        world.interleave();
        requireAlive();
        return lock(inode) == null ? null : new SimulatedLock(inode);
    }

    private final class SimulatedLock implements HeldLock {
        private final MemoryDisk.Inode inode;

        SimulatedLock(MemoryDisk.Inode inode) {
            this.inode = inode;
        }

        @Override
        public boolean renew() {
            if (inode.lockedBy == null) {
                inode.lockedBy = player;
                player.locks.add(inode);
            }
            return inode.lockedBy == player;
        }

        @Override
        public void close() {
            unlock(inode);
        }
    }

    private void unlock(MemoryDisk.Inode inode) {
        player.locks.remove(inode);
        inode.lockedBy = inode.lockedBy == player ? null : inode.lockedBy;
    }

    @Override
    public @Nullable Closeable tryLock(Path file) throws IOException {
        before(false, "lock", file);
        MemoryDisk.Inode opened = require(file);
        if (world.chance(16)) {
            world.interleave();
            requireAlive();
        }
        return lock(opened);
    }

    final @Nullable Closeable lock(MemoryDisk.Inode inode) {
        if (inode.lockedBy == player) {
            throw new OverlappingFileLockException();
        }
        if (inode.lockedBy != null) {
            return null;
        }
        inode.lockedBy = player;
        player.locks.add(inode);
        return () -> unlock(inode);
    }

    private final class OpenFile implements DiskFile {
        private final Path path;
        private final MemoryDisk.Inode inode;

        OpenFile(Path path, MemoryDisk.Inode inode) {
            this.path = path;
            this.inode = inode;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            before(false, "read", path);
            int length = Math.min(target.remaining(), inode.length - (int) position);
            if (length <= 0) {
                return -1;
            }
            target.put(inode.bytes, (int) position, length);
            return length;
        }

        /** A write that fails may have been done in part. */
        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            int length = source.remaining();
            byte[] bytes = new byte[length];
            source.get(bytes);
            try {
                before(true, "write", path);
            } catch (FaultException failed) {
                put(bytes, length / 2, position);
                throw failed;
            }
            put(bytes, length, position);
            return length;
        }

        private void put(byte[] bytes, int length, long position) {
            world.referee.written(player, inode);
            inode.write(bytes, 0, length, (int) position);
            inode.writtenAt = world.nanos();
        }

        @Override
        public long size() throws IOException {
            before(false, "measure", path);
            return inode.length;
        }

        @Override
        public void sync() throws IOException {
            try {
                before(false, "sync", path);
            } catch (FaultException failed) {
                inode.syncLies = true;
                throw failed;
            }
            inode.sync();
            world.note(() -> player + ": " + Place.words(path) + " is synced");
        }

        @Override
        public void close() throws IOException {
            requireAlive();
        }
    }

    private record Looks(boolean isDirectory, long size, long changed, Object fileKey) implements BasicFileAttributes {
        @Override
        public FileTime lastModifiedTime() {
            return FileTime.fromMillis(changed);
        }

        @Override
        public FileTime lastAccessTime() {
            return lastModifiedTime();
        }

        @Override
        public FileTime creationTime() {
            return lastModifiedTime();
        }

        @Override
        public boolean isRegularFile() {
            return !isDirectory;
        }

        @Override
        public boolean isSymbolicLink() {
            return false;
        }

        @Override
        public boolean isOther() {
            return false;
        }
    }
}
