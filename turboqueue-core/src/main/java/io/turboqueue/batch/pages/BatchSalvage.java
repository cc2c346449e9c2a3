package io.turboqueue.batch.pages;

import io.turboqueue.batch.BatchFormat;
import io.turboqueue.batch.BatchSeal;
import io.turboqueue.batch.DamagedBatchException;
import io.turboqueue.batch.PageGeometry;
import io.turboqueue.batch.StoredMessage;
import io.turboqueue.batch.jdbc.JdbcBatchWriter;
import io.turboqueue.batch.jdbc.JdbcEngine;
import io.turboqueue.disk.Disk;
import io.turboqueue.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads what can still be read of a damaged batch. SQLite reads what can be reached from the table's root, which the pages
 * engine writes last: of a batch that was cut off there is none. So the leaves of this library's own files are also looked
 * for page by page.
 *
 * @param disk the disk
 */
public record BatchSalvage(Disk disk) {

    /** Of the pages engine, and both of SQLite's: for a file whose header is gone. */
    private static final List<Integer> PAGE_SIZES =
            List.of(TablePages.SMALL.pageSize(), TablePages.LARGE.pageSize(), JdbcBatchWriter.LARGE_PAGE);

    /**
     * The rows by their ids, in order. Where bits were flipped one may read well and still be wrong.
     *
     * @param seal what the file should hold; null if that is not known
     * @throws DamagedBatchException if nothing can be found, not even the table
     */
    public SortedMap<Long, StoredMessage> rows(Path file, @Nullable BatchSeal seal) throws IOException {
        BatchFormat.requireRegularFile(disk, file);
        Leaves leaves = leaves(content(file, seal), seal);
        SortedMap<Long, StoredMessage> found = leaves.rows();
        if (leaves.cut()) {
            return found; // SQLite would take what is missing of the last page for zeros
        }
        try (JdbcEngine engine = new JdbcEngine(disk)) {
            found.putAll(engine.salvage(file, seal == null ? 0 : seal.rows(), found.keySet()));
        } catch (DamagedBatchException noTable) {
            if (found.isEmpty()) {
                throw noTable;
            }
        }
        return found;
    }

    /**
     * What was found in leaves.
     *
     * @param rows by id
     * @param cut whether some were found, and the last page is not whole
     */
    private record Leaves(SortedMap<Long, StoredMessage> rows, boolean cut) {
        static Leaves of(byte[] content, int pageSize, long mostRows) {
            SortedMap<Long, StoredMessage> rows = inLeaves(content, new PageGeometry(pageSize), mostRows);
            return new Leaves(rows, !rows.isEmpty() && content.length % pageSize != 0);
        }
    }

    /** Up to the end that the seal tells; nothing of a file that does not fit in memory. */
    private byte[] content(Path file, @Nullable BatchSeal seal) throws IOException {
        try (DiskFile open = disk.open(file)) {
            long length = Math.min(open.size(), seal == null ? Long.MAX_VALUE : seal.bytes());
            if (length > Runtime.getRuntime().maxMemory() / 3) {
                return new byte[0];
            }
            byte[] content = new byte[(int) length];
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining() && open.read(rest, rest.position()) > 0) {
                // read until it is whole or the file ends
            }
            return content;
        }
    }

    /** Other programs' files may have pages with rows that were deleted, so those are not looked at. */
    private static Leaves leaves(byte[] content, @Nullable BatchSeal seal) {
        if (content.length < PageGeometry.MIN_PAGE) {
            return new Leaves(new TreeMap<>(), false);
        }
        ByteBuffer header = ByteBuffer.wrap(content);
        boolean hasHeader = BatchFormat.hasMagic(content);
        if (seal == null && !(hasHeader && header.getInt(BatchFormat.APPLICATION) == BatchFormat.APPLICATION_ID)) {
            return new Leaves(new TreeMap<>(), false);
        }
        int pageSize = BatchFormat.pageSize(header);
        long mostRows = seal == null ? Integer.MAX_VALUE : seal.rows();
        if (hasHeader && PageGeometry.isPageSize(pageSize)) {
            return Leaves.of(content, pageSize, mostRows);
        }
        Leaves most = new Leaves(new TreeMap<>(), false);
        for (int size : PAGE_SIZES) {
            Leaves next = Leaves.of(content, size, mostRows);
            most = next.rows().size() > most.rows().size() ? next : most;
        }
        return most;
    }

    private static SortedMap<Long, StoredMessage> inLeaves(byte[] content, PageGeometry geometry, long mostRows) {
        SortedMap<Long, Integer> cells = PagesBatchReader.wholeCells(content, geometry, mostRows);
        int[] starts = cells.values().stream().mapToInt(Integer::intValue).toArray();
        SortedMap<Long, StoredMessage> rows = new TreeMap<>();
        try (PageMessages messages = new PageMessages(content, geometry, starts, nobodyElses -> {})) {
            int next = 0;
            for (long row : cells.keySet()) {
                rows.put(row, messages.get(next++));
            }
        }
        return rows;
    }
}
