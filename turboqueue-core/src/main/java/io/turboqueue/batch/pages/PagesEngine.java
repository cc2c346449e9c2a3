package io.turboqueue.batch.pages;

import io.turboqueue.batch.BatchEngine;
import io.turboqueue.batch.BatchFormat;
import io.turboqueue.batch.BatchSeal;
import io.turboqueue.batch.BatchWriter;
import io.turboqueue.batch.LoadingFile;
import io.turboqueue.batch.PageGeometry;
import io.turboqueue.batch.StoredMessages;
import io.turboqueue.batch.jdbc.JdbcEngine;
import io.turboqueue.disk.Disk;
import io.turboqueue.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads the SQLite file format itself, without SQLite: as fast as the file system. Thread-safe.
 *
 * <p>Reads what it understands whole: files with a seal that hold our table as this engine or {@link JdbcEngine} writes it.
 * Every other file goes to a {@link JdbcEngine}, made when first needed, which reads it or says what is wrong with it: a
 * seal proves that the bytes are those that were published, not that they are a tree of pages without a circle.
 */
public final class PagesEngine implements BatchEngine {

    private static final int CHUNK = 128 * 1024; // read and checked piece by piece while it is in the cache
    private static final long MAX_BYTES = Integer.MAX_VALUE - Long.BYTES; // of an array
    private static final long MAX_BYTES_TRUSTED = 64 << 20; // room taken for a file whose CRC was not seen yet

    private final ReentrantLock lock = new ReentrantLock();
    private final Disk disk;
    private final BufferPool pool = new BufferPool();
    private final ContentPool contents = new ContentPool();
    private @Nullable JdbcEngine fallback;
    private volatile boolean closed;

    /** An engine on this disk. Takes nothing until something is written or read. */
    public PagesEngine(Disk disk) {
        this.disk = disk;
    }

    @Override
    public BatchWriter writer(Supplier<Path> file, Blanks blanks) {
        return new PagesBatchWriter(this, pool, new LoadingFile(disk, file, blanks));
    }

    /** Holds the batch's whole content, and makes its messages again at each call. */
    @Override
    public StoredMessages read(Path file, @Nullable BatchSeal seal, long mostMemory) throws IOException {
        requireOpen();
        if (seal == null
                || seal.bytes() < PageGeometry.MIN_PAGE
                || seal.bytes() > MAX_BYTES
                || !BatchFormat.fits(seal, mostMemory)) {
            return fallback().read(file, seal, mostMemory);
        }
        StoredMessages messages = understood(file, seal);
        return messages == null ? fallback().read(file, seal, mostMemory) : messages;
    }

    /** The messages; null if the file is laid out in another way than this engine's. */
    private @Nullable StoredMessages understood(Path file, BatchSeal seal) throws IOException {
        BatchFormat.requireRegularFile(disk, file);
        try (DiskFile open = disk.open(file)) {
            long size = open.size();
            if (size < seal.bytes() || seal.bytes() > MAX_BYTES_TRUSTED) {
                checkWhole(open, seal);
            }
            return understood(open, size, seal);
        } catch (UnrecognizedLayoutException notUnderstood) {
            return null;
        }
    }

    private StoredMessages understood(DiskFile open, long size, BatchSeal seal)
            throws IOException, UnrecognizedLayoutException {
        byte[] content = contents.take((int) seal.bytes());
        boolean handedOut = false;
        try {
            if (!hasCrc(content, open, seal)) {
                checkWhole(open, seal);
            }
            BatchFormat.checkHeader(ByteBuffer.wrap(content, 0, BatchFormat.HEADER_BYTES), size, true);
            PagesBatchReader.Cells cells = PagesBatchReader.cells(content, (int) seal.bytes(), seal.rows());
            handedOut = true;
            return new PageMessages(content, cells.geometry(), cells.starts(), contents::requeue);
        } finally {
            if (!handedOut) {
                contents.requeue(content);
            }
        }
    }

    /** Says what is wrong: the header comes first, since a program that does not know seals may have changed the file. */
    private static void checkWhole(DiskFile open, BatchSeal seal) throws IOException {
        BatchFormat.checkHeader(open, seal);
        BatchFormat.checkSeal(open, seal);
    }

    /** Reads the content into the front of the array; false if its CRC is another. */
    private static boolean hasCrc(byte[] content, DiskFile open, BatchSeal seal) throws IOException {
        int length = (int) seal.bytes();
        CRC32 crc = new CRC32();
        ByteBuffer rest = ByteBuffer.wrap(content);
        while (rest.position() < length) {
            int from = rest.position();
            rest.limit(Math.min(length, from + CHUNK));
            if (open.read(rest, from) < 0) {
                throw BatchFormat.endsEarly(from, seal.bytes());
            }
            crc.update(content, from, rest.position() - from);
        }
        return crc.getValue() == seal.crc32();
    }

    private JdbcEngine fallback() throws IOException {
        lock.lock();
        try {
            requireOpen();
            if (fallback == null) {
                fallback = new JdbcEngine(disk);
            }
            return fallback;
        } finally {
            lock.unlock();
        }
    }

    void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the engine is closed");
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (fallback != null) {
                fallback.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
