package io.turboqueue.batch.pages;

import io.turboqueue.batch.BatchFormat;
import io.turboqueue.batch.BigEndian;
import io.turboqueue.batch.FirstPage;
import io.turboqueue.batch.MessageRecord;
import io.turboqueue.batch.PageGeometry;
import io.turboqueue.batch.Varint;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Finds the messages in the content of a batch file by walking the pages of its table. Whatever it meets is looked at before
 * it is used: page numbers, types, offsets, lengths, the order of the rows. A page is used once only, so no walk is endless.
 */
public final class PagesBatchReader {

    private static final int MAX_DEPTH = 20; // as SQLite has it

    private final byte[] content;
    private final int length;
    private final PageGeometry geometry;
    private final int pages;
    private final BitSet used = new BitSet();
    private final int[] cells;
    private boolean anyValues; // of the types that other programs write, and messages of theirs that were retried here
    private int found;
    private long lastRow = Long.MIN_VALUE;

    private PagesBatchReader(byte[] content, int length, PageGeometry geometry, int rows) {
        this.content = content;
        this.length = length;
        this.geometry = geometry;
        this.pages = length / geometry.pageSize();
        this.cells = new int[rows];
    }

    /**
     * Where the messages' cells begin in a file with this content, whose header and CRC were checked.
     *
     * @param length how much of the array is content
     * @throws UnrecognizedLayoutException if it is not laid out as this reader knows it, or does not have that many rows
     */
    static Cells cells(byte[] content, int length, long rows) throws UnrecognizedLayoutException {
        ByteBuffer header = ByteBuffer.wrap(content, 0, length);
        require(length >= PageGeometry.MIN_PAGE, "length");
        int size = Short.toUnsignedInt(header.getShort(BatchFormat.PAGE_SIZE));
        PageGeometry geometry = new PageGeometry(size == 1 ? PageGeometry.MAX_PAGE : size);
        require(PageGeometry.isPageSize(geometry.pageSize()), "page size");
        require(length >= geometry.pageSize(), "length");
        require(rows >= 0 && rows <= length / BatchFormat.MIN_BYTES_A_ROW, "rows");
        requireKnownHeader(header, geometry);
        PagesBatchReader reader = new PagesBatchReader(content, length, geometry, (int) rows);
        reader.walk(reader.root(), 1);
        require(reader.found == rows, "rows");
        return new Cells(geometry, reader.cells);
    }

    /**
     * Where messages begin by their row id, in leaves that lie anywhere in damaged content; only those that are whole, and the
     * first of an id.
     *
     * @param mostRows the highest id there may be
     */
    static SortedMap<Long, Integer> wholeCells(byte[] content, PageGeometry geometry, long mostRows) {
        PagesBatchReader reader = new PagesBatchReader(content, content.length, geometry, 0);
        reader.anyValues = true;
        SortedMap<Long, Integer> found = new TreeMap<>();
        for (int page = 2; page <= reader.pages; page++) {
            int start = (page - 1) * geometry.pageSize();
            if (content[start] == FirstPage.LEAF_TYPE) {
                reader.addWhole(start, mostRows, found);
            }
        }
        return found;
    }

    /** No overflow page begins as a leaf does: its first byte is the highest of a page number. */
    @SuppressWarnings("EmptyCatch") // a message that is not whole is what salvage is about
    private void addWhole(int start, long mostRows, SortedMap<Long, Integer> found) {
        int end = start + geometry.pageSize();
        int pointers = start + PageGeometry.LEAF_HEADER;
        int pointersEnd = Math.min(end, pointers + PageGeometry.POINTER * BigEndian.getShort(content, start + 3));
        for (int pointer = pointers; pointer + 1 < pointersEnd; pointer += PageGeometry.POINTER) {
            try {
                int cell = cellAt(start, pointer, pointersEnd);
                long row = readCell(cell, end, 0);
                if (row <= mostRows) {
                    found.putIfAbsent(row, cell);
                }
            } catch (UnrecognizedLayoutException notWhole) {
                // counted by its absence
            }
        }
    }

    /**
     * What was found.
     *
     * @param geometry of the pages
     * @param starts where each message's cell begins
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Cells(PageGeometry geometry, int[] starts) {}

    private static void require(boolean holds, String what) throws UnrecognizedLayoutException {
        if (!holds) {
            throw new UnrecognizedLayoutException(what);
        }
    }

    private static void requireKnownHeader(ByteBuffer header, PageGeometry geometry)
            throws UnrecognizedLayoutException {
        require(header.get(BatchFormat.WRITE_VERSION) == 1 && header.get(BatchFormat.READ_VERSION) == 1, "version");
        require(header.get(FirstPage.RESERVED) == 0, "reserved bytes");
        require(FirstPage.hasKnownFractions(header), "fractions");
        long length = (long) header.getInt(BatchFormat.PAGES) * geometry.pageSize();
        require(length == header.limit(), "page count");
        require(header.getInt(BatchFormat.CHANGE_COUNTER) == header.getInt(BatchFormat.VERSION_VALID_FOR), "counter");
        require(header.getInt(BatchFormat.SCHEMA_FORMAT) == BatchFormat.NEWEST_SCHEMA_FORMAT, "schema format");
        for (int field : new int[] {FirstPage.FIRST_FREE_PAGE, FirstPage.FREE_PAGES, FirstPage.MAX_ROOT}) {
            require(header.getInt(field) == 0, "free pages or auto-vacuum");
        }
    }

    /** The table's root, if the schema is the one row that describes our table. */
    private int root() throws UnrecognizedLayoutException {
        require(content[FirstPage.LEAF] == FirstPage.LEAF_TYPE, "schema page");
        require(BigEndian.getShort(content, FirstPage.LEAF + 3) == 1, "tables");
        int at = BigEndian.getShort(content, FirstPage.LEAF + PageGeometry.LEAF_HEADER);
        int root = FirstPage.rootOf(content, at, geometry.pageSize());
        byte[] ours = FirstPage.schemaCell(root);
        int end = at + ours.length;
        require(at >= FirstPage.LEAF + PageGeometry.LEAF_HEADER + PageGeometry.POINTER, "schema cell");
        require(end <= geometry.pageSize() && Arrays.equals(content, at, end, ours, 0, ours.length), "schema");
        return root;
    }

    /** Marks a page as used; returns where it begins. */
    private int use(int page) throws UnrecognizedLayoutException {
        require(page > 1 && page <= pages && page != geometry.lockPage() && !used.get(page), "page number");
        used.set(page);
        return (page - 1) * geometry.pageSize();
    }

    private void walk(int page, int depth) throws UnrecognizedLayoutException {
        int start = use(page);
        if (content[start] == FirstPage.LEAF_TYPE) {
            readLeaf(start);
            return;
        }
        require(content[start] == InteriorPages.TYPE && depth < MAX_DEPTH, "page type");
        int end = start + geometry.pageSize();
        int children = BigEndian.getShort(content, start + 3);
        int pointers = start + PageGeometry.INTERIOR_HEADER;
        int pointersEnd = pointers + PageGeometry.POINTER * children;
        require(children > 0 && pointersEnd <= end, "children");
        for (int pointer = pointers; pointer < pointersEnd; pointer += PageGeometry.POINTER) {
            int cell = cellAt(start, pointer, pointersEnd);
            require(cell + PageGeometry.PAGE_NUMBER < end, "child");
            walk(BigEndian.getInt(content, cell), depth + 1);
            int key = cell + PageGeometry.PAGE_NUMBER;
            int keyEnd = Varint.end(content, key, end);
            require(keyEnd != Varint.NONE && Varint.value(content, key, keyEnd) >= lastRow, "key");
        }
        walk(BigEndian.getInt(content, start + 8), depth + 1);
    }

    private int cellAt(int start, int pointer, int pointersEnd) throws UnrecognizedLayoutException {
        int cell = start + BigEndian.getShort(content, pointer);
        require(cell >= pointersEnd && cell < start + geometry.pageSize(), "cell pointer");
        return cell;
    }

    private void readLeaf(int start) throws UnrecognizedLayoutException {
        int count = BigEndian.getShort(content, start + 3);
        int end = start + geometry.pageSize();
        int pointers = start + PageGeometry.LEAF_HEADER;
        int pointersEnd = pointers + PageGeometry.POINTER * count;
        require(pointersEnd <= end && count <= cells.length - found, "cells");
        int next = found;
        long row = lastRow;
        for (int pointer = pointers; pointer < pointersEnd; pointer += PageGeometry.POINTER) {
            int cell = cellAt(start, pointer, pointersEnd);
            row = readCell(cell, end, row);
            cells[next++] = cell;
        }
        found = next;
        lastRow = row;
    }

    /** Returns the row id, which must come after that of the row before. */
    private long readCell(int cell, int end, long rowBefore) throws UnrecognizedLayoutException {
        int rowAt = Varint.end(content, cell, end);
        require(rowAt != Varint.NONE, "cell size");
        int at = Varint.end(content, rowAt, end);
        require(at != Varint.NONE, "row id");
        long row = Varint.value(content, rowAt, at);
        require(row > rowBefore, "row id");
        long size = Varint.value(content, cell, rowAt);
        if (size <= geometry.mostLocal()) {
            require(size <= end - at, "cell size");
            requireRecord(at, (int) size, (int) size);
        } else {
            require(size <= length, "cell size");
            int local = geometry.local((int) size);
            require(local + PageGeometry.PAGE_NUMBER <= end - at, "cell size");
            requireRecord(at, local, (int) size);
            followOverflow(BigEndian.getInt(content, at + local), geometry.overflowPages((int) size));
        }
        return row;
    }

    /** The header must lie in the leaf, name values of the types that we write, and their lengths must make up the size. */
    private void requireRecord(int at, int local, int size) throws UnrecognizedLayoutException {
        int limit = at + local;
        require(
                local > 5 && content[at] > 5 && content[at] <= local && content[at + 1] == MessageRecord.NULL,
                "header");
        int timeType = content[at + 2];
        require(isInteger(timeType) || (anyValues && isNullOrReal(timeType)), "type of time");
        int headersAt = Varint.end(content, at + 3, limit);
        require(headersAt != Varint.NONE, "type of key");
        int payloadAt = Varint.end(content, headersAt, limit);
        require(payloadAt != Varint.NONE, "type of headers");
        int headerEnd = Varint.end(content, payloadAt, limit);
        require(headerEnd != Varint.NONE && headerEnd - at == content[at], "header size");
        long key = Varint.value(content, at + 3, headersAt);
        long headers = Varint.value(content, headersAt, payloadAt);
        long payload = Varint.value(content, payloadAt, headerEnd);
        require(
                isKnown(key) && isKnown(headers) && isKnown(payload) && payload != MessageRecord.NULL,
                "types of values");
        require(anyValues || payload >= MessageRecord.BLOB, "type of payload");
        long values = valueBytes(key) + valueBytes(headers) + valueBytes(payload);
        require(content[at] + MessageRecord.valueBytes(timeType) + values == size, "record size");
    }

    private boolean isKnown(long type) {
        return type == MessageRecord.NULL
                || type >= MessageRecord.BLOB
                || (anyValues && type > MessageRecord.NULL && type <= MessageRecord.ONE);
    }

    /** A length that no array has is not that of the record either. */
    private static long valueBytes(long type) {
        return type >= MessageRecord.BLOB ? MessageRecord.bytesOf(type) : MessageRecord.valueBytes(type);
    }

    private static boolean isNullOrReal(int type) {
        return type == MessageRecord.NULL || type == MessageRecord.REAL;
    }

    private static boolean isInteger(int type) {
        return type > MessageRecord.NULL && type <= MessageRecord.ONE && type != MessageRecord.REAL;
    }

    private void followOverflow(int first, int count) throws UnrecognizedLayoutException {
        int page = first;
        for (int i = 0; i < count; i++) {
            page = BigEndian.getInt(content, use(page));
        }
        require(page == 0, "end of overflow chain");
    }
}
