package io.turboqueue.batch.pages;

import io.turboqueue.batch.BigEndian;
import io.turboqueue.batch.Checksum;
import io.turboqueue.batch.FirstPage;
import io.turboqueue.batch.LoadingFile;
import io.turboqueue.batch.MessageRecord;
import io.turboqueue.batch.PageGeometry;
import io.turboqueue.batch.StoredMessage;
import io.turboqueue.batch.Varint;
import java.io.IOException;
import java.util.Arrays;

/**
 * Lays messages out as the pages of the table, in a bounded buffer that goes to the file whenever it is full (<a
 * href="https://www.sqlite.org/fileformat2.html#b_tree_pages">format document, section 1.6</a>). Not thread-safe.
 *
 * <p>A table whose rows come in order is built from the left: only its last leaf is open, and behind every page is the next.
 *
 * <pre>{@code
 *   file    | page 1 | kept: pages written for good |
 *   buffer  (page 1 until the first write)          | whole pages | open leaf | free |
 * }</pre>
 *
 * The open leaf is always the last page, and has no number until it is closed: overflow pages are put before it.
 */
public final class TablePages {

    /**
     * What every batch starts with: one message takes two pages, 8 KiB. For messages of 100 bytes and of 1000, 4, 8, 16 and 32
     * KiB measured alike.
     */
    public static final PageGeometry SMALL = new PageGeometry(4 << 10);

    /**
     * For messages of which only one or two fit a small page, which is half empty then: those of 2 KB are written and read
     * 1.7 times as fast as in small pages, and no slower than in pages of 32 KiB.
     */
    public static final PageGeometry LARGE = new PageGeometry(16 << 10);

    private static final int ENOUGH_LEAVES =
            12; // to judge by; page 1, last leaf and root of the large size take 36 KiB more
    private static final int MANY_ROWS_A_LEAF = 3;
    private static final int MAX_BEFORE_PAYLOAD = 16; // header and time
    private static final int FEW_LEAVES = 8;
    private static final byte[] NO_BUFFER = {};

    private final PageGeometry geometry;
    private final BufferPool pool;
    private final LoadingFile file;
    private final MessageRecord record = new MessageRecord();
    private final int pageSize;
    private final int mostPlain; // bytes of a payload that surely fits a leaf, if there is nothing else
    private byte[] buffer;
    private long bufferStart; // where in the file the buffer's first byte goes
    private int leafAt;
    private int cells;
    private int contentAt;
    private int rows;
    private int leaves; // closed ones
    private int[] leafPages = new int[FEW_LEAVES];
    private int[] lastRows = new int[FEW_LEAVES];

    /** Takes a buffer from the pool. */
    TablePages(PageGeometry geometry, BufferPool pool, LoadingFile file) {
        this.geometry = geometry;
        this.pool = pool;
        this.file = file;
        this.pageSize = geometry.pageSize();
        this.mostPlain = geometry.mostLocal() - MAX_BEFORE_PAYLOAD;
        this.buffer = pool.take(4 * pageSize);
        openLeaf(pageSize);
    }

    int rows() {
        return rows;
    }

    /** Whether it should be {@link #inLargePages}: the leaves are mostly waste, and nothing is in the file yet. */
    boolean wastesSmallPages() {
        return rows < MANY_ROWS_A_LEAF * leaves
                && leaves >= ENOUGH_LEAVES
                && pageSize == SMALL.pageSize()
                && bufferStart == 0
                && leafAt < BufferPool.MAX / 2;
    }

    /** The same rows in large pages; this table is released. They all fit the buffer, so nothing is written. */
    TablePages inLargePages() throws IOException {
        TablePages large = new TablePages(LARGE, pool, file);
        for (StoredMessage message : new PageMessages(buffer, geometry, cellsInBuffer(), notGivenBackYet -> {})) {
            large.add(message);
        }
        release();
        return large;
    }

    private int[] cellsInBuffer() {
        stampLeaf();
        noteLeaf();
        int[] found = new int[rows];
        int next = 0;
        for (int leaf = 0; leaf <= leaves; leaf++) {
            int start = (leafPages[leaf] - 1) * pageSize;
            int count = BigEndian.getShort(buffer, start + 3);
            for (int i = 0; i < count; i++) {
                int pointer = start + PageGeometry.LEAF_HEADER + PageGeometry.POINTER * i;
                found[next++] = start + BigEndian.getShort(buffer, pointer);
            }
        }
        return found;
    }

    private void openLeaf(int at) {
        leafAt = at;
        cells = 0;
        contentAt = at + pageSize;
    }

    /** Adds a row. If this fails the row is not there, and everything is as before. */
    void add(StoredMessage message) throws IOException {
        if (isPlain(message)) {
            addPlain(message);
        } else {
            record.set(message);
            addRecord(message, record.size());
        }
        rows++;
    }

    private boolean isPlain(StoredMessage message) {
        return message.key() == null
                && message.headers() == null
                && message.payload().length <= mostPlain
                && message.storedAs().row() == null;
    }

    private void addRecord(StoredMessage message, int size) throws IOException {
        if (size > geometry.mostLocal()) {
            addLong(message, size);
            return;
        }
        int cellBytes = cellBytes(size, size);
        makeRoomInLeaf(cellBytes);
        record.put(message, buffer, putCell(size, cellBytes));
    }

    /**
     * A short row without key and headers, as most are. Writes what {@link MessageRecord} would, but keeps the lengths in
     * local variables: that measured a sixth off all that is done for a message.
     */
    private void addPlain(StoredMessage message) throws IOException {
        byte[] payload = message.payload();
        long time = message.timeMillis();
        int timeType = MessageRecord.integerType(time);
        int timeBytes = MessageRecord.integerBytes(timeType);
        int payloadType = 2 * payload.length + (message.storesText() ? MessageRecord.TEXT : MessageRecord.BLOB);
        int headerBytes = 5 + Varint.length(payloadType);
        int size = headerBytes + timeBytes + payload.length;
        int cellBytes = cellBytes(size, size);
        makeRoomInLeaf(cellBytes);
        byte[] target = buffer;
        int at = putCell(size, cellBytes);
        BigEndian.putInt(target, at, headerBytes << 24 | timeType << 8); // between and after the two: NULL, twice
        target[at + 4] = MessageRecord.NULL;
        at = Varint.put(target, at + 5, payloadType);
        at = MessageRecord.putInteger(target, at, time, timeBytes);
        System.arraycopy(payload, 0, target, at, payload.length);
    }

    /** A row too long for its leaf: the rest goes to overflow pages. */
    private void addLong(StoredMessage message, int size) throws IOException {
        int local = geometry.local(size);
        int cellBytes = cellBytes(size, local + PageGeometry.PAGE_NUMBER);
        makeRoomInLeaf(cellBytes);
        record.split(message);
        OverflowChain chain = new OverflowChain(geometry, pageAt(leafAt), size);
        putBeforeLeaf(chain);
        int at = putCell(size, cellBytes);
        record.copy(0, buffer, at, local);
        BigEndian.putInt(buffer, at + local, chain.firstPage());
        record.clear();
    }

    private int cellBytes(int size, int local) {
        return Varint.length(size) + Varint.length(rows + 1) + local;
    }

    private int pointersEnd() {
        return leafAt + PageGeometry.LEAF_HEADER + PageGeometry.POINTER * cells;
    }

    private void makeRoomInLeaf(int cellBytes) throws IOException {
        if (contentAt - cellBytes < pointersEnd() + PageGeometry.POINTER) {
            makeRoom(2 * pageSize);
            stampLeaf();
            noteLeaf();
            leaves++;
            openLeaf(skipLockPage(leafAt + pageSize));
        }
    }

    /** Writes a pointer and the start of a cell into the open leaf; returns where the record goes. */
    private int putCell(int size, int cellBytes) {
        contentAt -= cellBytes;
        BigEndian.putShort(buffer, pointersEnd(), contentAt - leafAt);
        cells++;
        return Varint.put(buffer, Varint.put(buffer, contentAt, size), rows + 1);
    }

    /** Gives the open leaf its header, and zeros where nothing is; rows may still be added. */
    private void stampLeaf() {
        int free = pointersEnd();
        Arrays.fill(buffer, free, contentAt, (byte) 0);
        buffer[leafAt] = FirstPage.LEAF_TYPE;
        BigEndian.putShort(buffer, leafAt + 1, 0); // no free blocks
        BigEndian.putShort(buffer, leafAt + 3, cells);
        BigEndian.putShort(buffer, leafAt + 5, contentAt - leafAt);
        buffer[leafAt + 7] = 0; // no fragments
    }

    private void noteLeaf() {
        if (leaves == leafPages.length) {
            leafPages = Arrays.copyOf(leafPages, 2 * leaves);
            lastRows = Arrays.copyOf(lastRows, 2 * leaves);
        }
        leafPages[leaves] = pageAt(leafAt);
        lastRows[leaves] = rows;
    }

    private int pageAt(int at) {
        return (int) ((bufferStart + at) / pageSize) + 1;
    }

    private int skipLockPage(int at) {
        if (pageAt(at) != geometry.lockPage()) {
            return at;
        }
        Arrays.fill(buffer, at, at + pageSize, (byte) 0);
        return at + pageSize;
    }

    /** Makes room after the open leaf: by a larger buffer, or by writing all that is before it. */
    private void makeRoom(int bytes) throws IOException {
        while (leafAt + pageSize + bytes > buffer.length) {
            if (BufferPool.canGrow(buffer)) {
                buffer = pool.larger(buffer, leafAt + pageSize);
            } else {
                writeClosed();
                return;
            }
        }
    }

    /** Page 1 stays out: it is written last, and until then its place is nobody's. */
    private void writeClosed() throws IOException {
        int from = bufferStart == 0 ? pageSize : 0;
        file.write(buffer, from, leafAt - from, bufferStart + from);
        file.keep(bufferStart + from, Checksum.of(buffer, from, leafAt - from));
        bufferStart += leafAt;
        moveLeaf(0);
    }

    private void moveLeaf(int to) {
        System.arraycopy(buffer, leafAt, buffer, to, pageSize);
        contentAt += to - leafAt;
        leafAt = to;
    }

    private void putBeforeLeaf(OverflowChain chain) throws IOException {
        int most = BufferPool.MAX / pageSize - 2; // beside the open leaf and a page that must stay empty
        if (chain.slots() > most) {
            makeRoom(BufferPool.MAX);
            writeAllButTheEnd(chain);
        } else {
            makeRoom((chain.slots() + 1) * pageSize);
            putEnd(chain, 0, leafAt);
        }
    }

    /** What is left of a chain goes into the buffer and the open leaf after it. */
    private void putEnd(OverflowChain chain, int slot, int at) {
        int slots = chain.slots() - slot;
        moveLeaf(skipLockPage(at + slots * pageSize));
        chain.put(record, buffer, at, slot, slots);
    }

    /** Goes through the buffer, in which there is nothing but the open leaf. Nothing counts until all is written. */
    private void writeAllButTheEnd(OverflowChain chain) throws IOException {
        int room = buffer.length - pageSize;
        int slots = room / pageSize;
        long position = bufferStart;
        Checksum written = Checksum.NONE;
        int slot = 0;
        moveLeaf(room);
        try {
            for (; chain.slots() - slot >= slots; slot += slots) {
                chain.put(record, buffer, 0, slot, slots);
                file.write(buffer, 0, room, position);
                written = written.then(Checksum.of(buffer, 0, room));
                position += room;
            }
        } catch (IOException | RuntimeException failed) {
            moveLeaf(0);
            throw failed;
        }
        file.keep(bufferStart, written);
        bufferStart = position;
        putEnd(chain, slot, 0);
    }

    /**
     * Makes the file whole: writes what is not kept, and page 1. Rows may still be added after that.
     *
     * @return of the whole file
     */
    Checksum finish() throws IOException {
        boolean empty = cells == 0 && leaves > 0;
        if (!empty) {
            stampLeaf();
            noteLeaf();
        }
        int end = empty ? leafAt : leafAt + pageSize;
        InteriorPages.Level level = new InteriorPages.Level(leafPages, lastRows, empty ? leaves : leaves + 1);
        byte[] above = InteriorPages.above(level, geometry, pageAt(end));
        int pages = pageAt(end + above.length) - 1;
        if (end + above.length <= buffer.length) { // one write less
            System.arraycopy(above, 0, buffer, end, above.length);
            return write(end + above.length, new byte[0], pages);
        }
        return write(end, above, pages);
    }

    private Checksum write(int end, byte[] above, int pages) throws IOException {
        byte[] first = bufferStart == 0 ? buffer : new byte[pageSize];
        FirstPage.put(first, 0, geometry, pages);
        file.write(buffer, 0, end, bufferStart);
        Checksum last = Checksum.of(buffer, 0, end);
        if (above.length > 0) {
            file.write(above, 0, above.length, bufferStart + end);
            last = last.then(Checksum.of(above, 0, above.length));
        }
        if (bufferStart == 0) {
            return last;
        }
        file.write(first, 0, pageSize, 0);
        return Checksum.of(first, 0, pageSize).then(file.kept()).then(last);
    }

    /** Gives the buffer back; nothing works after that. */
    void release() {
        pool.requeue(buffer);
        buffer = NO_BUFFER;
    }
}
