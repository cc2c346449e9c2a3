package io.turboqueue.batch;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Page 1 of a batch: the database's header, and the one row of the schema table (<a
 * href="https://www.sqlite.org/fileformat2.html#the_database_header">format document, sections 1.3</a> and 2.6).
 */
public final class FirstPage {

    /** Where the schema table's leaf begins. */
    public static final int LEAF = BatchFormat.HEADER_BYTES;

    /** Type of a page that is a leaf of a table. */
    public static final int LEAF_TYPE = 0x0d;

    public static final int RESERVED = 20;
    private static final int FRACTIONS = 21;

    /** Largest and least part of an index page for one cell, and that of a leaf: the only values there are. */
    private static final byte[] FRACTION_VALUES = {64, 32, 32};

    public static final int FIRST_FREE_PAGE = 32;
    public static final int FREE_PAGES = 36;
    public static final int MAX_ROOT = 52; // not 0: auto-vacuum
    private static final int SCHEMA_COOKIE = 40;
    private static final int SQLITE_VERSION = 96;
    private static final int SQLITE_VERSION_NUMBER = 3_054_001; // whose behaviour is imitated
    private static final int COUNTER = 1; // of changes to a file that is written once

    private static final byte[] NAMES = "tablemessagemessage".getBytes(US_ASCII);
    private static final byte[] SQL = ("CREATE TABLE " + BatchFormat.TABLE).getBytes(US_ASCII);
    private static final int ROOT_TYPE_AT = 4; // in the record: after the header's size and three types

    private FirstPage() {}

    /** Whether a header has the only fractions that SQLite allows. */
    public static boolean hasKnownFractions(ByteBuffer header) {
        for (int i = 0; i < FRACTION_VALUES.length; i++) {
            if (header.get(FRACTIONS + i) != FRACTION_VALUES[i]) {
                return false;
            }
        }
        return true;
    }

    /** Writes page 1 of a database of that many pages, the last of which is the table's root. */
    public static void put(byte[] target, int at, PageGeometry geometry, int pages) {
        Arrays.fill(target, at, at + geometry.pageSize(), (byte) 0);
        ByteBuffer page = ByteBuffer.wrap(target, at, geometry.pageSize()).slice();
        page.put(BatchFormat.MAGIC);
        page.putShort(BatchFormat.PAGE_SIZE, (short)
                (geometry.pageSize() == PageGeometry.MAX_PAGE ? 1 : geometry.pageSize()));
        page.put(BatchFormat.WRITE_VERSION, (byte) 1);
        page.put(BatchFormat.READ_VERSION, (byte) 1);
        page.put(FRACTIONS, FRACTION_VALUES);
        page.putInt(BatchFormat.CHANGE_COUNTER, COUNTER);
        page.putInt(BatchFormat.PAGES, pages);
        page.putInt(SCHEMA_COOKIE, 1);
        page.putInt(BatchFormat.SCHEMA_FORMAT, BatchFormat.NEWEST_SCHEMA_FORMAT);
        page.putInt(BatchFormat.TEXT_ENCODING, BatchFormat.UTF_8);
        page.putInt(BatchFormat.USER_VERSION, BatchFormat.VERSION);
        page.putInt(BatchFormat.APPLICATION, BatchFormat.APPLICATION_ID);
        page.putInt(BatchFormat.VERSION_VALID_FOR, COUNTER);
        page.putInt(SQLITE_VERSION, SQLITE_VERSION_NUMBER);
        putSchema(page, geometry, schemaCell(pages));
    }

    private static void putSchema(ByteBuffer page, PageGeometry geometry, byte[] cell) {
        int cellAt = geometry.pageSize() - cell.length;
        page.put(LEAF, (byte) LEAF_TYPE);
        page.putShort(LEAF + 3, (short) 1);
        page.putShort(LEAF + 5, (short) cellAt);
        page.putShort(LEAF + PageGeometry.LEAF_HEADER, (short) cellAt);
        page.put(cellAt, cell);
    }

    /** The schema's row, as SQLite writes it too: the table with this root page. */
    public static byte[] schemaCell(int root) {
        int rootType = MessageRecord.integerType(root);
        int rootBytes = MessageRecord.integerBytes(rootType);
        int sqlType = 2 * SQL.length + MessageRecord.TEXT;
        int headerBytes = 1 + 3 + 1 + Varint.length(sqlType);
        int size = headerBytes + NAMES.length + rootBytes + SQL.length;
        byte[] cell = new byte[Varint.length(size) + 1 + size];
        int at = Varint.put(cell, 0, size);
        at = Varint.put(cell, at, 1);
        at = Varint.put(cell, at, headerBytes);
        for (int length : new int[] {"table".length(), "message".length(), "message".length()}) {
            at = Varint.put(cell, at, 2L * length + MessageRecord.TEXT);
        }
        at = Varint.put(cell, at, rootType);
        at = Varint.put(cell, at, sqlType);
        System.arraycopy(NAMES, 0, cell, at, NAMES.length);
        at = MessageRecord.putInteger(cell, at + NAMES.length, root, rootBytes);
        System.arraycopy(SQL, 0, cell, at, SQL.length);
        return cell;
    }

    /** The root page that a schema row like ours names; anything if it is another row. */
    public static int rootOf(byte[] content, int cell, int end) {
        int row = Varint.end(content, cell, end);
        int typeAt = row + 1 + ROOT_TYPE_AT;
        if (row == Varint.NONE || typeAt >= end || content[typeAt] < 1 || content[typeAt] > 4) {
            return 0;
        }
        int record = row + 1;
        int at = record + content[record] + NAMES.length;
        long root = 0;
        for (int i = 0; i < content[typeAt]; i++) {
            root = root << 8 | (at + i < end && at + i >= 0 ? content[at + i] & 0xff : 0);
        }
        return (int) root;
    }
}
