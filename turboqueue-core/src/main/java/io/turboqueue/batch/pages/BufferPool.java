package io.turboqueue.batch.pages;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Buffers of a few sizes for writers to fill, kept for the next writer. Thread-safe.
 *
 * <p>A writer starts with the smallest and moves to the next when it is full, so that a thousand batches of one message each
 * take little memory.
 */
public final class BufferPool {

    /**
     * Bytes of each size. 256 KiB stays in a core's cache from filling over CRC to writing; 64 KiB measured a tenth slower, 1
     * MiB not clearly faster. Arrays, since bytes are put into them one by one, which is more expensive in direct buffers than the one
     * copy on writing that these would save.
     */
    private static final int[] SIZES = {16 << 10, 64 << 10, 256 << 10};

    /** Bytes of the largest. */
    public static final int MAX = SIZES[SIZES.length - 1];

    private static final int MAX_KEPT = 16; // of each size

    private final Deque<byte[]> small = new ArrayDeque<>();
    private final Deque<byte[]> medium = new ArrayDeque<>();
    private final Deque<byte[]> large = new ArrayDeque<>();

    /** A buffer of the smallest size that has that many bytes; its content is anything. */
    byte[] take(int least) {
        for (int size : SIZES) {
            if (size >= least) {
                return ofSize(size);
            }
        }
        throw new IllegalArgumentException("no buffer has " + least + " bytes");
    }

    /** Whether {@link #larger} gives more. */
    static boolean canGrow(byte[] buffer) {
        return buffer.length < MAX;
    }

    /**
     * A buffer of the next size, with what is in this one at its start; this one is given back.
     *
     * @param used how many bytes of it matter
     */
    byte[] larger(byte[] buffer, int used) {
        byte[] next = take(buffer.length + 1);
        System.arraycopy(buffer, 0, next, 0, used);
        requeue(buffer);
        return next;
    }

    private synchronized byte[] ofSize(int size) {
        byte[] kept = kept(size).pollFirst();
        return kept == null ? new byte[size] : kept;
    }

    /** The caller no longer uses it, and gives it back once: a second time would give it to two writers. */
    synchronized void requeue(byte[] buffer) {
        Deque<byte[]> kept = kept(buffer.length);
        if (kept.size() < MAX_KEPT) {
            kept.addFirst(buffer); // the one used last is the one most likely in the cache
        }
    }

    private Deque<byte[]> kept(int size) {
        if (size == SIZES[0]) {
            return small;
        }
        return size == SIZES[1] ? medium : large;
    }
}
