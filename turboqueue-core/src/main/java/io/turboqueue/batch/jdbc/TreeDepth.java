package io.turboqueue.batch.jdbc;

import io.turboqueue.batch.BatchFormat;
import io.turboqueue.batch.Damage;
import io.turboqueue.batch.DamagedBatchException;
import io.turboqueue.batch.FirstPage;
import io.turboqueue.batch.PageGeometry;
import io.turboqueue.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * Refuses a file in which interior pages lie deeper above each other than SQLite allows, or in a circle, before SQLite sees
 * it: some versions follow them until the native stack is full, and that ends the JVM (<a
 * href="https://www.sqlite.org/fileformat2.html#b_tree_pages">format document, section 1.6</a>).
 *
 * <p>Which pages belong to a tree is not asked: every page that looks like an interior page counts. It takes one look at
 * each page and a few at the interior ones. Not thread-safe.
 */
final class TreeDepth {

    /** SQLite's own limit for a cursor, BTCURSOR_MAX_DEPTH in its source; the leaf counts. */
    static final int MAX_LEVELS = 20;

    private static final int INTERIOR_TABLE = 0x05;
    private static final int INTERIOR_INDEX = 0x02;
    private static final int CELLS = 3;
    private static final int LAST_CHILD = 8;
    private static final int CHUNK = PageGeometry.MAX_PAGE;

    private final DiskFile file;
    private final int pageSize;
    private final int pages;

    private TreeDepth(DiskFile file, int pageSize, int pages) {
        this.file = file;
        this.pageSize = pageSize;
        this.pages = pages;
    }

    /**
     * Checks a database.
     *
     * @throws DamagedBatchException if a tree has more than {@value #MAX_LEVELS} levels, or no end
     */
    static void check(DiskFile file) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(BatchFormat.HEADER_BYTES);
        readFully(file, header, 0);
        int pageSize = BatchFormat.pageSize(header);
        if (!PageGeometry.isPageSize(pageSize)) {
            return; // SQLite refuses it at its first look
        }
        long pages = Math.min(Integer.MAX_VALUE - 1, (file.size() + pageSize - 1) / pageSize);
        new TreeDepth(file, pageSize, (int) pages).check();
    }

    private void check() throws IOException {
        BitSet interior = interiorPages();
        BitSet level = interior;
        for (int levels = 1; !level.isEmpty(); levels++) {
            if (levels == MAX_LEVELS) {
                throw new DamagedBatchException(
                        Damage.CORRUPT,
                        "its pages form a tree of more than the " + MAX_LEVELS
                                + " levels that SQLite allows, or one without an end");
            }
            level = childrenOf(level);
            level.and(interior);
        }
    }

    /** By number, from 1. */
    private BitSet interiorPages() throws IOException {
        BitSet interior = new BitSet();
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK, (long) pages * pageSize));
        for (long start = 0; start < (long) pages * pageSize; start += chunk.capacity()) {
            readFully(file, chunk.clear(), start);
            for (int at = 0; at < chunk.position(); at += pageSize) {
                int number = (int) ((start + at) / pageSize) + 1;
                int type = at + headerAt(number) < chunk.position() ? chunk.get(at + headerAt(number)) : 0;
                if (type == INTERIOR_TABLE || type == INTERIOR_INDEX) {
                    interior.set(number);
                }
            }
        }
        return interior;
    }

    /** Page 1 begins with the database's header. */
    private static int headerAt(int number) {
        return number == 1 ? FirstPage.LEAF : 0;
    }

    private BitSet childrenOf(BitSet parents) throws IOException {
        BitSet children = new BitSet();
        ByteBuffer page = ByteBuffer.allocate(pageSize);
        for (int number = parents.nextSetBit(0); number >= 0; number = parents.nextSetBit(number + 1)) {
            readFully(file, page.clear(), (number - 1L) * pageSize);
            addChildren(page.flip(), headerAt(number), children);
        }
        return children;
    }

    /** What points out of the page or the file is left to SQLite to find. */
    private void addChildren(ByteBuffer page, int header, BitSet children) {
        addChild(page, header + LAST_CHILD, children);
        int cells = header + CELLS + PageGeometry.POINTER <= page.limit() ? page.getShort(header + CELLS) & 0xffff : 0;
        int pointer = header + PageGeometry.INTERIOR_HEADER;
        for (int i = 0; i < cells && pointer + PageGeometry.POINTER <= page.limit(); i++) {
            addChild(page, page.getShort(pointer) & 0xffff, children);
            pointer += PageGeometry.POINTER;
        }
    }

    private void addChild(ByteBuffer page, int at, BitSet children) {
        if (at + PageGeometry.PAGE_NUMBER <= page.limit()) {
            int child = page.getInt(at);
            if (child >= 1 && child <= pages) {
                children.set(child);
            }
        }
    }

    private static void readFully(DiskFile file, ByteBuffer target, long start) throws IOException {
        while (target.hasRemaining() && file.read(target, start + target.position()) > 0) {
            // read until it is full or the file ends
        }
    }
}
