package io.turboqueue.batch;

/**
 * What follows from a page size: how much of a record lies in its leaf and how much in overflow pages (<a
 * href="https://www.sqlite.org/fileformat2.html#b_tree_pages">format document, section 1.6</a>; no bytes of a page are
 * reserved).
 *
 * @param pageSize bytes in a page: a power of two from 512 to 65536
 */
public record PageGeometry(int pageSize) {

    public static final int MIN_PAGE = 512;
    public static final int MAX_PAGE = 65536;

    /** Bytes of a leaf's header. */
    public static final int LEAF_HEADER = 8;

    /** Bytes of an interior page's header. */
    public static final int INTERIOR_HEADER = 12;

    /** Bytes of a page number, in a cell or at the start of an overflow page. */
    public static final int PAGE_NUMBER = 4;

    /** Bytes of a cell pointer. */
    public static final int POINTER = 2;

    /** The page of the lock byte holds nothing (format document, section 1.4). */
    private static final int LOCK_BYTE = 1 << 30;

    public static boolean isPageSize(int size) {
        return size >= MIN_PAGE && size <= MAX_PAGE && Integer.bitCount(size) == 1;
    }

    /** The longest record that lies in its leaf whole. */
    public int mostLocal() {
        return pageSize - 35;
    }

    /** How much of a record lies in its leaf: all of it, or so much that the rest fills its overflow pages. */
    public int local(int recordBytes) {
        if (recordBytes <= mostLocal()) {
            return recordBytes;
        }
        int least = (pageSize - 12) * 32 / 255 - 23;
        int local = least + (recordBytes - least) % overflow();
        return local <= mostLocal() ? local : least;
    }

    /** Content bytes of an overflow page. */
    public int overflow() {
        return pageSize - PAGE_NUMBER;
    }

    /** Overflow pages of a record. */
    public int overflowPages(int recordBytes) {
        return (recordBytes - local(recordBytes) + overflow() - 1) / overflow();
    }

    /** The number of the page that nothing may be in, since SQLite locks bytes there; most files are too short for it. */
    public int lockPage() {
        return LOCK_BYTE / pageSize + 1;
    }

    /** The number of the page after this one that may be used. */
    public int after(int page) {
        return page + 1 == lockPage() ? page + 2 : page + 1;
    }

    /** Whether the page that holds nothing is among these. */
    public boolean hasLockPage(int first, int pages) {
        return first <= lockPage() && lockPage() < first + pages;
    }
}
