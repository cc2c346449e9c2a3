package io.turboqueue.examples.torture;

import io.turboqueue.layout.BatchName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.zip.CRC32;

/** What is done to a copy of a good batch file before it is dropped into a queue. */
enum Corruption {
    BIT_FLIPPED,
    BYTES_CHANGED,
    CUT,
    EMPTY,
    PAGE_ZEROED,
    PAGES_SWAPPED,
    SPLICED,
    RANDOM,
    WRONG_ROWS,
    WRONG_BYTES,
    /** Every child of a page inside the tree is one page, and the checksum is right. */
    TREE_IN_CIRCLES,
    FOLDER,
    PIPE,
    LINK,
    LINK_TO_ITSELF;

    private static final int PAGE = 4096;
    private static final byte INTERIOR = 5; // the type of a page inside the tree

    /** A good batch file: what its name says, and its bytes. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Batch(BatchName.Contents contents, byte[] bytes) {}

    /**
     * Makes the harmed file.
     *
     * @param good what to harm
     * @param file where to make it
     * @return what its name is to say
     */
    BatchName.Contents make(Batch good, Path file, SplittableRandom random) throws IOException, InterruptedException {
        BatchName.Contents says = good.contents;
        switch (this) {
            case FOLDER -> Files.createDirectory(file);
            case PIPE -> new ProcessBuilder("mkfifo", file.toString()).start().waitFor();
            case LINK -> Files.createSymbolicLink(file, Files.write(file.resolveSibling("target"), good.bytes));
            case LINK_TO_ITSELF -> Files.createSymbolicLink(file, file.getFileName());
            case WRONG_ROWS -> {
                Files.write(file, good.bytes);
                return new BatchName.Contents(says.rows() + 1 + random.nextInt(5), says.bytes(), says.crc32());
            }
            case WRONG_BYTES -> {
                Files.write(file, good.bytes);
                return new BatchName.Contents(
                        says.rows(), says.bytes() + PAGE * (1L + random.nextInt(5)), says.crc32());
            }
            case TREE_IN_CIRCLES -> {
                byte[] bytes = inCircles(good.bytes, random);
                Files.write(file, bytes);
                return new BatchName.Contents(Integer.MAX_VALUE, bytes.length, crc32(bytes));
            }
            default -> Files.write(file, harmed(good.bytes, random));
        }
        return says;
    }

    private byte[] harmed(byte[] good, SplittableRandom random) {
        byte[] bytes = good.clone();
        int at = random.nextInt(bytes.length);
        int page = random.nextInt(bytes.length / PAGE) * PAGE;
        switch (this) {
            case BYTES_CHANGED -> randomise(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(64)), random);
            case CUT -> {
                return Arrays.copyOf(bytes, at);
            }
            case EMPTY -> {
                return new byte[0];
            }
            case PAGE_ZEROED -> Arrays.fill(bytes, page, page + PAGE, (byte) 0);
            case PAGES_SWAPPED -> {
                ByteBuffer.wrap(bytes).put(page, good, 0, PAGE).put(0, good, page, PAGE);
            }
            case SPLICED -> ByteBuffer.wrap(bytes).put(at, good, 0, bytes.length - at);
            case RANDOM -> randomise(bytes, 0, bytes.length, random);
            default -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        }
        if (Arrays.equals(bytes, good)) {
            bytes[at] ^= 1;
        }
        return bytes;
    }

    /** A tree of one leaf gets a root that shows the header. */
    private static byte[] inCircles(byte[] good, SplittableRandom random) {
        byte[] bytes = good.clone();
        ByteBuffer file = ByteBuffer.wrap(bytes);
        for (int page = 1; page < bytes.length / PAGE; page++) {
            int start = page * PAGE;
            if (bytes[start] == INTERIOR) {
                int child = 1 + random.nextInt(bytes.length / PAGE);
                for (int i = 0; i < file.getShort(start + 3); i++) {
                    file.putInt(start + file.getShort(start + 12 + 2 * i), child);
                }
                file.putInt(start + 8, child);
                return bytes;
            }
        }
        bytes[PAGE] = INTERIOR;
        file.putShort(PAGE + 3, (short) 0).putInt(PAGE + 8, 1 + random.nextInt(2));
        return bytes;
    }

    private static long crc32(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }

    private static void randomise(byte[] bytes, int from, int to, SplittableRandom random) {
        for (int i = from; i < to; i++) {
            bytes[i] = (byte) random.nextInt();
        }
    }

    /** For names and people. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
