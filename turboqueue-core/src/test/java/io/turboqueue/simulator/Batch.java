package io.turboqueue.simulator;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** The truth about one batch, as only the simulator knows it. */
final class Batch {

    static final int ROW_BYTES = 16;

    final String id;
    final int number;
    final int rows;
    final byte[] content;
    final BitSet handled = new BitSet();
    final Set<Long> deliveries = new HashSet<>();

    /** Must survive power cuts from the moment its publish returns. */
    boolean power;

    /** Its publish returned: the producer has forgotten the messages. */
    boolean returned;

    /** Acked or deleted; a power cut may bring it back. */
    boolean over;

    /** Was over at some time, so nobody misses it any more. */
    boolean wasOver;

    /** There was a power cut that it need not have survived. */
    boolean mayBeLost;

    /** Goes up whenever the same attempt may rightly come again. */
    int life;

    /** Where it was last written. */
    MemoryDisk.@Nullable Inode inode;

    Batch(int number, int rows, boolean power) {
        this.number = number;
        this.id = String.format("b%04d", number);
        this.rows = rows;
        this.power = power;
        ByteBuffer bytes = ByteBuffer.allocate(rows * ROW_BYTES);
        for (int row = 0; row < rows; row++) {
            bytes.putInt(number).putInt(row).putLong(0x5eed5eed5eed5eedL * (number + 1) + row);
        }
        this.content = bytes.array();
    }

    long crc32() {
        CRC32 crc = new CRC32();
        crc.update(content);
        return crc.getValue();
    }

    boolean isIn(byte[] bytes, int length) {
        if (length < content.length) {
            return false;
        }
        for (int i = 0; i < content.length; i++) {
            if (bytes[i] != content[i]) {
                return false;
            }
        }
        return true;
    }

    boolean isHandled() {
        return handled.cardinality() == rows;
    }

    void end() {
        over = true;
        wasOver = true;
    }

    /** False if this attempt was delivered before and nothing lets it come again. */
    boolean deliver(int attempt) {
        return deliveries.add((long) life << 32 | attempt);
    }
}
