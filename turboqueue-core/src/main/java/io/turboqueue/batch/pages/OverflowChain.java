package io.turboqueue.batch.pages;

import io.turboqueue.batch.BigEndian;
import io.turboqueue.batch.MessageRecord;
import io.turboqueue.batch.PageGeometry;
import java.util.Arrays;

/**
 * The overflow pages of one record, one after the other in the file (<a
 * href="https://www.sqlite.org/fileformat2.html#ovflpgs">format document, section 1.7</a>).
 *
 * @param firstSlot the page at which they start; if nothing may be in that page they start with the next
 * @param size bytes of the whole record
 */
record OverflowChain(PageGeometry geometry, int firstSlot, int size) {

    /** Places for pages that it takes: its pages, and the one in which nothing may be if that is among them. */
    int slots() {
        int pages = geometry.overflowPages(size);
        return geometry.hasLockPage(firstSlot, pages) ? pages + 1 : pages;
    }

    /** The number of its first page. */
    int firstPage() {
        return geometry.after(firstSlot - 1);
    }

    /** Lays out some of its slots, from this one on; the record must be {@linkplain MessageRecord#split split}. */
    void put(MessageRecord record, byte[] target, int at, int slot, int slots) {
        int pageSize = geometry.pageSize();
        for (int i = 0; i < slots; i++) {
            int page = firstSlot + slot + i;
            int start = at + i * pageSize;
            if (page == geometry.lockPage()) {
                Arrays.fill(target, start, start + pageSize, (byte) 0);
            } else {
                boolean behindLockPage = geometry.hasLockPage(firstSlot, slot + i);
                putPage(record, target, start, page, behindLockPage ? slot + i - 1 : slot + i);
            }
        }
    }

    private void putPage(MessageRecord record, byte[] target, int start, int page, int index) {
        int from = geometry.local(size) + index * geometry.overflow();
        int length = Math.min(geometry.overflow(), size - from);
        boolean last = from + length == size;
        BigEndian.putInt(target, start, last ? 0 : geometry.after(page));
        int content = start + PageGeometry.PAGE_NUMBER;
        record.copy(from, target, content, length);
        Arrays.fill(target, content + length, start + geometry.pageSize(), (byte) 0);
    }
}
