package io.turboqueue.batch.pages;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Arrays that batches were read into, kept for the next ones. Thread-safe.
 *
 * <p>A new array of a megabyte is zeroed first, lies in no processor's cache, and is too large for the young generation of
 * the G1 collector in a heap of up to 2 GB.
 */
final class ContentPool {

    private static final int MIN = 64 << 10; // below, a new one costs nothing worth mentioning
    private static final int MAX = 4 << 20;
    private static final int GRAIN = 256 << 10;
    private static final int MAX_KEPT = 4;

    private final Deque<byte[]> kept = new ArrayDeque<>();

    /** An array of at least that many bytes, which may hold anything. */
    byte[] take(int bytes) {
        if (bytes < MIN || bytes > MAX) {
            return new byte[bytes];
        }
        byte[] fitting = takeKept(bytes);
        return fitting == null ? new byte[(bytes + GRAIN - 1) / GRAIN * GRAIN] : fitting;
    }

    private synchronized byte @Nullable [] takeKept(int bytes) {
        for (byte[] array : kept) {
            if (array.length >= bytes) {
                kept.removeFirstOccurrence(array);
                return array;
            }
        }
        return null;
    }

    /**
     * The caller no longer uses it, and gives it back once: a second time would give it to two batches. The one given back
     * last is the first to be taken: it is the one most likely in the cache.
     */
    synchronized void requeue(byte[] array) {
        if (array.length < MIN || array.length > MAX) {
            return;
        }
        if (kept.size() == MAX_KEPT) {
            kept.removeLast();
        }
        kept.addFirst(array);
    }
}
