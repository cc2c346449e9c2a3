package io.turboqueue.batch.pages;

import io.turboqueue.batch.PageGeometry;
import io.turboqueue.batch.Varint;
import java.nio.ByteBuffer;

/**
 * The pages above a table's leaves, level by level up to the root, which is the last (<a
 * href="https://www.sqlite.org/fileformat2.html#b_tree_pages">format document, section 1.6</a>). Pages of a level have as
 * many children as the others, or one more, so that none is left with one.
 */
public final class InteriorPages {

    /** Type of a page that is inside the tree of a table. */
    public static final int TYPE = 0x05;

    private final PageGeometry geometry;
    private final int firstPage;
    private final byte[] content;
    private final ByteBuffer pages;
    private int page;

    private InteriorPages(PageGeometry geometry, int firstPage, byte[] content) {
        this.geometry = geometry;
        this.firstPage = firstPage;
        this.content = content;
        this.pages = ByteBuffer.wrap(content);
        this.page = geometry.after(firstPage - 1);
    }

    /**
     * Pages of one level of the tree.
     *
     * @param pages their numbers
     * @param lastRows the last row id in or below each
     * @param count how many
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Level(int[] pages, int[] lastRows, int count) {}

    /** The content of the pages that follow the leaves, the first of them with this number; none for a single leaf. */
    static byte[] above(Level leaves, PageGeometry geometry, int firstPage) {
        int fanout = fanout(leaves, geometry);
        int total = 0;
        for (int count = leaves.count(); count > 1; ) {
            count = parents(count, fanout);
            total += count;
        }
        if (total > 0 && geometry.hasLockPage(firstPage, total)) {
            total++;
        }
        byte[] content = new byte[total * geometry.pageSize()];
        InteriorPages builder = new InteriorPages(geometry, firstPage, content);
        for (Level level = leaves; level.count() > 1; ) {
            level = builder.addAbove(level, fanout);
        }
        return content;
    }

    /** Children of a page, by the longest row id. */
    private static int fanout(Level leaves, PageGeometry geometry) {
        int cell = PageGeometry.PAGE_NUMBER + Varint.length(leaves.lastRows()[leaves.count() - 1]);
        return (geometry.pageSize() - PageGeometry.INTERIOR_HEADER) / (cell + PageGeometry.POINTER) + 1;
    }

    private static int parents(int children, int fanout) {
        return (children + fanout - 1) / fanout;
    }

    private Level addAbove(Level below, int fanout) {
        int count = parents(below.count(), fanout);
        Level level = new Level(new int[count], new int[count], count);
        for (int i = 0; i < count; i++) {
            int from = (int) ((long) below.count() * i / count);
            int to = (int) ((long) below.count() * (i + 1) / count);
            level.pages()[i] = page;
            level.lastRows()[i] = below.lastRows()[to - 1];
            put(below, from, to);
            page = geometry.after(page);
        }
        return level;
    }

    private void put(Level below, int from, int to) {
        int start = (page - firstPage) * geometry.pageSize();
        int cellAt = start + geometry.pageSize();
        int pointer = start + PageGeometry.INTERIOR_HEADER;
        for (int child = from; child < to - 1; child++) {
            int row = below.lastRows()[child];
            cellAt -= PageGeometry.PAGE_NUMBER + Varint.length(row);
            pages.putInt(cellAt, below.pages()[child]);
            Varint.put(content, cellAt + PageGeometry.PAGE_NUMBER, row);
            pages.putShort(pointer, (short) (cellAt - start));
            pointer += PageGeometry.POINTER;
        }
        pages.put(start, (byte) TYPE);
        pages.putShort(start + 3, (short) (to - 1 - from));
        pages.putShort(start + 5, (short) (cellAt - start));
        pages.putInt(start + 8, below.pages()[to - 1]);
    }
}
