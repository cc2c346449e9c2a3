package io.turboqueue.simulator;

import io.turboqueue.layout.LockFile;
import io.turboqueue.layout.OwnerName;
import io.turboqueue.owner.Processes;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The disk of an owner and recoverer that does one thing wrong when it looks who lives. */
final class FlawedDisk extends ProcessDisk {

    private final World world;
    private final Player player;
    private final LivenessFlaw flaw;
    private final Map<Path, MemoryDisk.Inode> opened = new HashMap<>();

    FlawedDisk(World world, Player player, LivenessFlaw flaw) {
        super(world, player);
        this.world = world;
        this.player = player;
        this.flaw = flaw;
    }

    @Override
    public @Nullable Closeable tryLock(Path file) throws IOException {
        if (flaw == LivenessFlaw.PID_PROVES_LIFE_FOR_EVER && isProcessThere(file.getParent())) {
            return null;
        }
        MemoryDisk.Inode old = open(file, world.disk.file(file));
        if (old == null || old.lockedBy == player) {
            return super.tryLock(file);
        }
        return lock(old);
    }

    private boolean isProcessThere(Path directory) {
        return OwnerName.parse(MemoryDisk.name(directory))
                .filter(owner -> player.look(owner.process()) == Processes.Sight.PRESENT)
                .isPresent();
    }

    /** The file that is open at this name; null without the flaw that keeps files open. */
    private MemoryDisk.@Nullable Inode open(Path file, MemoryDisk.@Nullable Inode found) {
        if (found != null && remembers(file)) {
            opened.putIfAbsent(file, found);
        }
        return opened.get(file);
    }

    private boolean remembers(Path file) {
        boolean own = player.owns(file);
        return isLockFile(file)
                && flaw == (own ? LivenessFlaw.NEVER_LOOKS_FOR_ITS_LOCK : LivenessFlaw.LOCKS_AN_OLD_INODE);
    }

    private static boolean isLockFile(Path file) {
        return LockFile.number(MemoryDisk.name(file)).isPresent();
    }

    @Override
    public @Nullable BasicFileAttributes look(Path path) throws IOException {
        BasicFileAttributes found = super.look(path);
        MemoryDisk.Inode old = open(path, world.disk.file(path));
        if (old != null) {
            return looks(old);
        }
        boolean timeless = flaw == LivenessFlaw.FREE_TWICE_IS_DEAD && isLockFile(path) && !player.owns(path);
        return timeless && found != null ? looks(new MemoryDisk.Inode()) : found;
    }

    @Override
    public void list(Path folder, Consumer<String> visitor) throws IOException {
        Path first = folder.resolve(LockFile.name(1));
        boolean blind = flaw == LivenessFlaw.LOCKS_AN_OLD_INODE && opened.containsKey(first);
        super.list(folder, name -> {
            if (!blind || !isLockFile(folder.resolve(name))) {
                visitor.accept(name);
            }
        });
        if (blind) {
            visitor.accept(LockFile.name(1));
        }
    }
}
