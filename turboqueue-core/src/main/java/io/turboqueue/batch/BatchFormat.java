package io.turboqueue.batch;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * What every batch file has in common: the numbers of its header and the text of its table.
 *
 * <p>Header offsets are those of section 1.3 of <a href="https://www.sqlite.org/fileformat2.html">the SQLite file format
 * document</a>.
 */
public final class BatchFormat {

    /** The format version this release writes, and the newest it reads. On disk: never change its meaning. */
    public static final int VERSION = 1;

    /** "TurQ", by which {@code file(1)} and other tools may know a batch. */
    public static final int APPLICATION_ID = 0x54757251;

    public static final String TABLE = "message(id INTEGER PRIMARY KEY, time INTEGER, key, headers TEXT, payload)";

    public static final int HEADER_BYTES = 100;

    static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
    public static final int WRITE_VERSION = 18;
    public static final int READ_VERSION = 19;
    private static final int WAL_MODE = 2;
    public static final int PAGE_SIZE = 16;
    public static final int CHANGE_COUNTER = 24;
    public static final int PAGES = 28;
    public static final int SCHEMA_FORMAT = 44;
    public static final int NEWEST_SCHEMA_FORMAT = 4;
    public static final int VERSION_VALID_FOR = 92;
    static final int TEXT_ENCODING = 56;
    static final int UTF_8 = 1;
    private static final int NO_ENCODING = 0; // nothing was ever stored
    private static final int UTF_16LE = 2;
    private static final int UTF_16BE = 3;
    static final int USER_VERSION = 60;
    public static final int APPLICATION = 68;
    private static final int CHUNK = 64 * 1024;

    /** A pointer and the shortest cell. */
    public static final int MIN_BYTES_A_ROW = 10;

    private static final int BYTES_A_FOREIGN_BYTE =
            4; // of a file for one of memory: free pages, text as SQLite keeps it

    /** The five columns in any case and spacing, each with a plain type or none; nothing that could compute. */
    private static final Pattern PLAIN_TABLE =
            Pattern.compile("(?is)\\s*CREATE\\s+TABLE\\s+[\"`\\[]?message[\"`\\]]?\\s*\\("
                    + "\\s*id\\s+INTEGER\\s+PRIMARY\\s+KEY(\\s+NOT\\s+NULL)?\\s*,"
                    + column("time") + "," + column("key") + "," + column("headers") + "," + column("payload")
                    + "\\)\\s*");

    private BatchFormat() {}

    private static String column(String name) {
        return "\\s*[\"`\\[]?" + name + "[\"`\\]]?(\\s+(INTEGER|INT|TEXT|BLOB|ANY|JSON))?(\\s+NOT\\s+NULL)?\\s*";
    }

    public static boolean isPlainTable(String sql) {
        return PLAIN_TABLE.matcher(sql).matches();
    }

    /** Links, folders and pipes are not even opened. */
    public static void requireRegularFile(Disk disk, Path file) throws IOException {
        BasicFileAttributes found = disk.look(file);
        if (found != null && !found.isRegularFile()) {
            throw new DamagedBatchException(Damage.TYPE, "not a regular file");
        }
    }

    /**
     * Checks length and header before anything else of the file is looked at.
     *
     * @param seal what the file must hold, so that the application id must be there; null for a file of another program
     */
    public static void checkHeader(DiskFile file, @Nullable BatchSeal seal) throws IOException {
        try {
            checkHeader(file, seal != null);
        } catch (NewerFormatException newer) {
            if (seal != null) {
                checkSeal(file, seal); // a flipped bit may look like a newer version
            }
            throw newer;
        }
    }

    private static void checkHeader(DiskFile file, boolean sealed) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        while (header.hasRemaining() && file.read(header, header.position()) > 0) {
            // read until the header is whole or the file ends
        }
        if (header.hasRemaining()) {
            throw new DamagedBatchException(Damage.SIZE, "the file has only " + header.position() + " bytes");
        }
        checkHeader(header, file.size(), sealed);
    }

    /** Checks a header, which begins at the buffer's index 0, of a file of that many bytes. */
    public static void checkHeader(ByteBuffer header, long size, boolean sealed) throws IOException {
        for (int i = 0; i < MAGIC.length; i++) {
            if (header.get(i) != MAGIC[i]) {
                throw new DamagedBatchException(Damage.FORMAT, "the file is no SQLite 3 database");
            }
        }
        if (header.get(WRITE_VERSION) == WAL_MODE || header.get(READ_VERSION) == WAL_MODE) {
            throw new DamagedBatchException(Damage.WAL, "the database is in WAL mode; set journal_mode=DELETE first");
        }
        checkLayout(header, size);
        checkIdentity(header, sealed);
    }

    /** Whether a file begins as every SQLite 3 database does. */
    public static boolean hasMagic(byte[] content) {
        return content.length >= MAGIC.length && Arrays.equals(content, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    /** The page size in a header, whatever it is. */
    public static int pageSize(ByteBuffer header) {
        return header.getShort(PAGE_SIZE) == 1 ? PageGeometry.MAX_PAGE : header.getShort(PAGE_SIZE) & 0xffff;
    }

    /** The header counts the pages, if the last program that wrote the file kept that count (format document, 1.3.8). */
    private static void checkLayout(ByteBuffer header, long size) throws IOException {
        int schemaFormat = header.getInt(SCHEMA_FORMAT);
        if (schemaFormat < 0 || schemaFormat > NEWEST_SCHEMA_FORMAT) {
            throw new DamagedBatchException(Damage.FORMAT, "schema format " + schemaFormat + " is unknown");
        }
        int pageSize = pageSize(header);
        long pages = Integer.toUnsignedLong(header.getInt(PAGES));
        boolean counted = header.getInt(CHANGE_COUNTER) == header.getInt(VERSION_VALID_FOR);
        if (counted && size < pages * pageSize) {
            throw new DamagedBatchException(
                    Damage.SIZE, "the file has " + size + " bytes, its header says " + pages * pageSize);
        }
    }

    private static void checkIdentity(ByteBuffer header, boolean sealed) throws IOException {
        int encoding = header.getInt(TEXT_ENCODING);
        if (encoding == NO_ENCODING && header.getInt(SCHEMA_FORMAT) == 0) {
            throw new DamagedBatchException(Damage.SCHEMA, "the database has no table 'message': it is empty");
        }
        if (encoding != UTF_8) {
            throw new DamagedBatchException(
                    Damage.FORMAT, "the database's text encoding is " + encodingName(encoding) + ", not UTF-8");
        }
        int application = header.getInt(APPLICATION);
        if (sealed && application != APPLICATION_ID) {
            throw new DamagedBatchException(
                    Damage.FORMAT, String.format("application_id is 0x%08x, not 0x%08x", application, APPLICATION_ID));
        }
        int version = header.getInt(USER_VERSION);
        if (application == APPLICATION_ID && version > VERSION) {
            throw new NewerFormatException(version);
        }
    }

    private static String encodingName(int encoding) {
        return switch (encoding) {
            case UTF_16LE -> "UTF-16le";
            case UTF_16BE -> "UTF-16be";
            default -> "number " + encoding;
        };
    }

    /** CRC-32 of the first {@code length} bytes; the file must have them. */
    public static long crc32(DiskFile file, long length) throws IOException {
        CRC32 crc = new CRC32();
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK, Math.max(1, length)));
        long position = 0;
        while (position < length) {
            chunk.clear().limit((int) Math.min(chunk.capacity(), length - position));
            int read = file.read(chunk, position);
            if (read < 0) {
                throw endsEarly(position, length);
            }
            crc.update(chunk.flip());
            position += read;
        }
        return crc.getValue();
    }

    /** What is wrong with a file that got shorter while it was read. */
    public static DamagedBatchException endsEarly(long position, long length) {
        return new DamagedBatchException(Damage.SIZE, "the file ends at byte " + position + " of " + length);
    }

    /** Compares a file with its seal. */
    public static void checkSeal(DiskFile file, BatchSeal seal) throws IOException {
        checkSize(file, seal);
        checkCrc(crc32(file, seal.bytes()), seal);
    }

    /** Refuses a file of another program of which not even a part is expected to fit: only its length tells. */
    public static void checkForeignSize(DiskFile file, long mostMemory) throws IOException {
        long size = file.size();
        if (size / BYTES_A_FOREIGN_BYTE > mostMemory) {
            throw new DamagedBatchException(
                    Damage.SIZE,
                    "the file has " + size + " bytes, more than " + BYTES_A_FOREIGN_BYTE + " times the " + mostMemory
                            + " that its messages may take in memory");
        }
    }

    /** Whether a batch with this seal can be held in that much memory. */
    public static boolean fits(BatchSeal seal, long mostMemory) {
        return memory(seal) <= mostMemory;
    }

    /** What a batch with this seal takes of memory at least: its content, and where each message begins. */
    public static long memory(BatchSeal seal) {
        return seal.bytes() + Integer.BYTES * Math.min(seal.rows(), seal.bytes() / MIN_BYTES_A_ROW);
    }

    /** Compares a file's length with its seal. */
    static void checkSize(DiskFile file, BatchSeal seal) throws IOException {
        long size = file.size();
        if (size < seal.bytes()) {
            throw new DamagedBatchException(
                    Damage.SIZE, "the file has " + size + " bytes, its name says " + seal.bytes());
        }
    }

    /** Compares the CRC-32 of a file's content with its seal. */
    static void checkCrc(long crc, BatchSeal seal) throws DamagedBatchException {
        if (crc != seal.crc32()) {
            throw new DamagedBatchException(
                    Damage.CRC, String.format("the content's CRC-32 is %08x, the name says %08x", crc, seal.crc32()));
        }
    }
}
