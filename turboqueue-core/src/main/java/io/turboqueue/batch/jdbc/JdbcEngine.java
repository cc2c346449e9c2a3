package io.turboqueue.batch.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import io.turboqueue.batch.BatchEngine;
import io.turboqueue.batch.BatchFormat;
import io.turboqueue.batch.BatchSeal;
import io.turboqueue.batch.BatchTooLargeException;
import io.turboqueue.batch.BatchWriter;
import io.turboqueue.batch.Damage;
import io.turboqueue.batch.DamagedBatchException;
import io.turboqueue.batch.StoredMessage;
import io.turboqueue.batch.StoredMessages;
import io.turboqueue.disk.Disk;
import io.turboqueue.disk.DiskFile;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * SQLite itself, through sqlite-jdbc. Thread-safe.
 *
 * <p>A small pool of in-memory connections serves every batch of the process: a batch file is attached to one of them,
 * filled or read in one short borrow, and detached. The pool bounds the native memory and the descriptors that SQLite
 * takes, however many queues are open. Opening a connection or a pool for each file costs two to fifty times as much as
 * attaching it.
 */
public final class JdbcEngine implements BatchEngine {

    /** How batches are attached that never change. */
    static final String READ_ONLY = "mode=ro&immutable=1";

    private static final String NATIVE_LIBRARY_HINT =
            "; if its native library cannot be unpacked or loaded, name a folder that is writable and allows execution with"
                    + " -Dorg.sqlite.tmpdir, or the unpacked library's with -Dorg.sqlite.lib.path";

    private final Disk disk;
    private final HikariDataSource pool;

    /** An engine on this disk. Connections are opened when first needed. */
    public JdbcEngine(Disk disk) {
        this.disk = disk;
        this.pool = pool();
    }

    private static HikariDataSource pool() {
        SQLiteDataSource memory =
                new SQLiteDataSource(); // by class, not by a name that another class loader may know too
        memory.setUrl("jdbc:sqlite::memory:");
        HikariDataSource pool = new HikariDataSource(); // the constructor without configuration starts it on first use
        pool.setPoolName("turboqueue-sqlite");
        pool.setDataSource(memory);
        pool.setMinimumIdle(1);
        pool.setMaximumPoolSize(Math.max(2, Runtime.getRuntime().availableProcessors()));
        pool.setConnectionInitSql("PRAGMA cell_size_check=ON");
        return pool;
    }

    /** SQLite wants a new file. */
    @Override
    public BatchWriter writer(Supplier<Path> file, Blanks blanks) {
        return new JdbcBatchWriter(this, disk, file);
    }

    @Override
    public StoredMessages read(Path file, @Nullable BatchSeal seal, long mostMemory) throws IOException {
        long bytes = check(disk, file, seal, mostMemory);
        return StoredMessages.taking(
                onGuarded(file, bytes, connection -> JdbcBatchReader.read(connection, seal, mostMemory)));
    }

    /**
     * What SQLite says of a file, its structure checked page by page; its seal is not looked at.
     *
     * @throws DamagedBatchException if it is not a batch at all
     */
    public BatchFileInfo facts(Path file) throws IOException {
        long bytes = check(disk, file, null, Long.MAX_VALUE);
        return onGuarded(file, bytes, connection -> JdbcBatchReader.facts(connection, bytes));
    }

    /**
     * What SQLite can still read of a damaged file, by id.
     *
     * @param expected rows that it should have, 0 if that is not known
     * @param known ids that need not be looked for one by one
     * @throws DamagedBatchException if not even its table can be found
     */
    public SortedMap<Long, StoredMessage> salvage(Path file, long expected, Set<Long> known) throws IOException {
        BatchFormat.requireRegularFile(disk, file);
        long bytes = size(disk, file);
        return onConnection(file, connection -> {
            JdbcGuard.start(connection, RunningTime.forFile(bytes));
            execute(connection, "PRAGMA writable_schema=ON"); // before ATTACH: lets it read a file shorter than it says
            attach(connection, file, READ_ONLY);
            JdbcBatchReader.checkSchema(connection);
            SortedMap<Long, StoredMessage> rows = JdbcSalvage.rows(connection, expected, known);
            execute(connection, "DETACH batch");
            execute(connection, "PRAGMA writable_schema=OFF");
            JdbcGuard.end(connection);
            return rows;
        });
    }

    /**
     * Checks all that can be checked before SQLite sees the file.
     *
     * @return its length
     */
    static long check(Disk disk, Path file, @Nullable BatchSeal seal, long mostMemory) throws IOException {
        BatchFormat.requireRegularFile(disk, file);
        try (DiskFile open = disk.open(file)) {
            BatchFormat.checkHeader(open, seal);
            if (seal == null) {
                BatchFormat.checkForeignSize(open, mostMemory);
            } else {
                BatchFormat.checkSeal(open, seal);
                if (!BatchFormat.fits(seal, mostMemory)) {
                    throw new BatchTooLargeException(BatchFormat.memory(seal), mostMemory);
                }
            }
            TreeDepth.check(open);
            return open.size();
        }
    }

    private static long size(Disk disk, Path file) throws IOException {
        try (DiskFile open = disk.open(file)) {
            return open.size();
        }
    }

    @Override
    public void close() {
        pool.close();
    }

    /** Work on a connection to which one batch file is attached as {@code batch}; without the pool's wrapping. */
    interface AttachedWork<R> {
        R run(SQLiteConnection connection) throws SQLException, IOException;
    }

    /**
     * Borrows a connection, attaches the file, runs the work, detaches. A connection on which anything failed is thrown
     * away: its transaction state is not known.
     */
    <R> R onAttached(Path file, String mode, AttachedWork<R> work) throws IOException {
        return onConnection(file, connection -> {
            attach(connection, file, mode);
            R result = work.run(connection);
            execute(connection, "DETACH batch");
            return result;
        });
    }

    /** The same for reading what may be made to do harm. */
    private <R> R onGuarded(Path file, long bytes, AttachedWork<R> work) throws IOException {
        return onConnection(file, connection -> {
            JdbcGuard.start(connection, RunningTime.forFile(bytes));
            attach(connection, file, READ_ONLY);
            R result = JdbcGuard.run(connection, work);
            execute(connection, "DETACH batch");
            JdbcGuard.end(connection);
            return result;
        });
    }

    /** The work leaves the connection as it found it, or fails. */
    private <R> R onConnection(Path file, AttachedWork<R> work) throws IOException {
        NativeLibrary.load();
        try (Connection connection = pool.getConnection()) {
            boolean clean = false;
            try {
                R result = work.run(connection.unwrap(SQLiteConnection.class));
                clean = true;
                return result;
            } finally {
                if (!clean) {
                    pool.evictConnection(connection);
                }
            }
        } catch (SQLException failed) {
            throw asIOException(file, failed);
        } catch (PoolInitializationException failed) {
            throw new IOException("SQLite cannot be started: " + failed.getMessage() + NATIVE_LIBRARY_HINT, failed);
        }
    }

    static void attach(Connection connection, Path file, String mode) throws SQLException {
        try (PreparedStatement attach = connection.prepareStatement("ATTACH ? AS batch")) {
            attach.setString(1, uri(file) + "?" + mode);
            attach.execute();
        }
    }

    /** The path's own bytes, quoted: {@code ?}, {@code #} and {@code %} would end or change it. */
    private static String uri(Path file) {
        return "file:" + file.toAbsolutePath().toUri().getRawPath();
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** A broken file is distinguished from a broken disk: only the first is the batch's fault. */
    static IOException asIOException(Path file, SQLException failed) {
        if (Thread.currentThread().isInterrupted() && !(failed instanceof SQLiteException)) {
            InterruptedIOException interrupted = new InterruptedIOException("interrupted while waiting for SQLite");
            interrupted.initCause(failed);
            return interrupted;
        }
        Damage damage = failed instanceof SQLiteException sqlite ? damageOf(sqlite.getResultCode()) : null;
        if (damage != null) {
            DamagedBatchException damaged = new DamagedBatchException(damage, String.valueOf(failed.getMessage()));
            damaged.initCause(failed);
            return damaged;
        }
        String hint = failed instanceof SQLiteException ? "" : NATIVE_LIBRARY_HINT;
        return new IOException("SQLite failed on " + file + ": " + failed.getMessage() + hint, failed);
    }

    /** What only the file can be blamed for. Statements that fail for other reasons may succeed elsewhere or later. */
    private static @Nullable Damage damageOf(SQLiteErrorCode code) {
        return switch (code) {
            case SQLITE_NOTADB -> Damage.FORMAT;
            case SQLITE_CORRUPT, SQLITE_CORRUPT_INDEX, SQLITE_CORRUPT_SEQUENCE, SQLITE_CORRUPT_VTAB -> Damage.CORRUPT;
            case SQLITE_IOERR_SHORT_READ -> Damage.SIZE;
            case SQLITE_TOOBIG -> Damage.MEMORY;
            case SQLITE_INTERRUPT -> Damage.TIMEOUT;
            default -> null;
        };
    }
}
