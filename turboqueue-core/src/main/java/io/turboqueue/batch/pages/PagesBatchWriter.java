package io.turboqueue.batch.pages;

import io.turboqueue.batch.BatchSeal;
import io.turboqueue.batch.BatchWriter;
import io.turboqueue.batch.Checksum;
import io.turboqueue.batch.LoadingFile;
import io.turboqueue.batch.StoredMessage;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes a batch file as messages come: what does not fit the buffer is in the file already when the batch is sealed. Takes
 * next to no memory until the first message. Not thread-safe.
 */
final class PagesBatchWriter implements BatchWriter {

    private final PagesEngine engine;
    private final BufferPool pool;
    private final LoadingFile file;
    private @Nullable TablePages table;
    private long weight;

    PagesBatchWriter(PagesEngine engine, BufferPool pool, LoadingFile file) {
        this.engine = engine;
        this.pool = pool;
        this.file = file;
    }

    @Override
    public void add(StoredMessage message) throws IOException {
        TablePages current = table();
        if (current.wastesSmallPages()) {
            current = current.inLargePages();
            table = current;
        }
        current.add(message);
        weight += message.weight();
    }

    private TablePages table() throws IOException {
        TablePages current = table;
        if (current == null) {
            engine.requireOpen();
            current = new TablePages(TablePages.SMALL, pool, file);
            table = current;
        }
        return current;
    }

    @Override
    public int rows() {
        return table == null ? 0 : table.rows();
    }

    @Override
    public long weight() {
        return weight;
    }

    @Override
    public BatchSeal seal(boolean sync) throws IOException {
        engine.requireOpen();
        TablePages whole = table();
        try {
            Checksum content = whole.finish();
            if (sync) {
                file.sync();
            }
            file.settled();
            return new BatchSeal(whole.rows(), content.bytes(), content.crc32());
        } catch (IOException | RuntimeException failed) {
            removeAfter(failed);
            throw failed;
        }
    }

    private void removeAfter(Exception failed) {
        try {
            file.removeUnlessKept();
        } catch (IOException alsoFailed) {
            failed.addSuppressed(alsoFailed);
        }
    }

    @Override
    public void published() {
        file.published();
    }

    @Override
    public void close() throws IOException {
        TablePages closing = taken();
        weight = 0;
        if (closing != null) {
            closing.release();
        }
        file.close();
    }

    /** Its buffer goes back to the pool once, even if two threads close: one that gave up and one that closes the spool. */
    private synchronized @Nullable TablePages taken() {
        TablePages taken = table;
        table = null;
        return taken;
    }
}
