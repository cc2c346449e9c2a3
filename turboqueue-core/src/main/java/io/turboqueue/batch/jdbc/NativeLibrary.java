package io.turboqueue.batch.jdbc;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.DiskFile;
import io.turboqueue.disk.LocalDisk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * SQLite's native library, unpacked once for a user and not once for each process: the driver's own copies are a megabyte
 * each and stay in the temporary folder when a process is killed.
 *
 * <p>It lies in {@code ~/.cache/turboqueue} ({@code $XDG_CACHE_HOME}), in a folder that only its user may enter, and is
 * compared byte by byte with the driver's before it is loaded. Where that is not available, or {@code org.sqlite.tmpdir},
 * {@code org.sqlite.lib.path} or {@code org.sqlite.lib.name} is set, the driver unpacks or finds it in its own way.
 */
final class NativeLibrary {

    private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);
    private static final String LIBRARY_PATH = "org.sqlite.lib.path";
    private static final String LIBRARY_NAME = "org.sqlite.lib.name";
    private static final List<String> CHOSEN_BY_USER = List.of(LIBRARY_PATH, LIBRARY_NAME, "org.sqlite.tmpdir");
    private static final String UNPACKING = "unpacking-";
    private static final String USER = "unix:uid";
    private static final Set<PosixFilePermission> OTHERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE);

    private static final ReentrantLock LOADING = new ReentrantLock();
    private static volatile boolean tried;

    private final Disk disk = new LocalDisk();
    private final Path cache;
    private final byte[] library;

    private NativeLibrary(Path cache, byte[] library) {
        this.cache = cache;
        this.library = library;
    }

    /** Makes the driver load the one copy, if it has not loaded another yet. Called before SQLite is used. */
    static void load() {
        if (!tried) {
            tryOnce();
        }
    }

    private static void tryOnce() {
        LOADING.lock();
        try {
            if (!tried && CHOSEN_BY_USER.stream().allMatch(key -> System.getProperty(key) == null)) {
                try {
                    loadUnpacked();
                } catch (Exception driversOwnWay) {
                    LOG.debug("SQLite's native library is left to its driver", driversOwnWay);
                }
            }
            tried = true;
        } finally {
            LOADING.unlock();
        }
    }

    /** The properties are there only while it loads: another class loader may have another release of the driver. */
    private static void loadUnpacked() throws Exception {
        Path cache = cacheFolder();
        byte[] library = cache == null ? null : packed();
        if (cache == null || library == null) {
            return;
        }
        Path file = new NativeLibrary(cache, library).unpacked(SQLiteJDBCLoader.getVersion());
        Properties properties = System.getProperties();
        properties.setProperty(LIBRARY_PATH, String.valueOf(file.getParent()));
        properties.setProperty(LIBRARY_NAME, String.valueOf(file.getFileName()));
        try {
            SQLiteJDBCLoader.initialize();
        } finally {
            properties.remove(LIBRARY_PATH);
            properties.remove(LIBRARY_NAME);
        }
    }

    private static @Nullable Path cacheFolder() {
        String named = System.getenv("XDG_CACHE_HOME");
        if (named != null && Path.of(named).isAbsolute()) {
            return Path.of(named);
        }
        Path home = Path.of(System.getProperty("user.home", ""));
        return home.isAbsolute() && Files.isDirectory(home) ? home.resolve(".cache") : null;
    }

    private static byte @Nullable [] packed() throws IOException {
        String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + LibraryLoaderUtil.getNativeLibName();
        try (InputStream bytes = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
            return bytes == null ? null : bytes.readAllBytes();
        }
    }

    /** The file with this content, made if it is missing or damaged. */
    static Path unpacked(Path cache, byte[] library, String version) throws IOException {
        return new NativeLibrary(cache, library).unpacked(version);
    }

    private Path unpacked(String version) throws IOException {
        if (disk.look(cache) == null) {
            disk.createFolder(cache);
        }
        Path folder = cache.resolve("turboqueue");
        disk.createFolder(folder);
        requirePrivate(folder);
        String architecture = String.valueOf(
                Path.of(LibraryLoaderUtil.getNativeLibResourcePath()).getFileName());
        Path file =
                folder.resolve("sqlite-" + version + "-" + architecture + "-" + LibraryLoaderUtil.getNativeLibName());
        if (!isWhole(file)) {
            unpack(folder, file);
        }
        return file;
    }

    /** Whoever else can write there could have his own code loaded. */
    private static void requirePrivate(Path folder) throws IOException {
        Set<PosixFilePermission> modes = Files.getPosixFilePermissions(folder, NOFOLLOW_LINKS);
        Object owner = Files.getAttribute(folder, USER, NOFOLLOW_LINKS);
        Object self = Files.getAttribute(Path.of("/proc/self"), USER);
        if (!owner.equals(self) || modes.stream().anyMatch(OTHERS::contains)) {
            throw new IOException(folder + " is not for its user alone");
        }
    }

    private boolean isWhole(Path file) throws IOException {
        BasicFileAttributes found = disk.look(file);
        if (found == null || !found.isRegularFile() || found.size() != library.length) {
            return false;
        }
        byte[] bytes = new byte[library.length];
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        try (DiskFile open = disk.open(file)) {
            while (buffer.hasRemaining() && open.read(buffer, buffer.position()) > 0) {
                // read until it is whole
            }
        }
        return Arrays.equals(bytes, library);
    }

    /** Under a name of its own first; what killed processes left of such is removed, and a live one starts again. */
    private void unpack(Path folder, Path file) throws IOException {
        Path own = folder.resolve(UNPACKING + ProcessHandle.current().pid() + "-" + System.nanoTime());
        try (DiskFile created = disk.create(own)) {
            ByteBuffer bytes = ByteBuffer.wrap(library);
            while (bytes.hasRemaining()) {
                created.write(bytes, bytes.position());
            }
        }
        if (!disk.rename(own, file) && !isWhole(file)) {
            throw new IOException(own + " was removed while it was written");
        }
        List<String> left = new ArrayList<>();
        disk.list(folder, name -> {
            if (name.startsWith(UNPACKING)) {
                left.add(name);
            }
        });
        for (String name : left) {
            disk.unlink(folder.resolve(name));
        }
    }
}
