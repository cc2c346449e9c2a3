package io.turboqueue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lets messages of one key begin only when the one before them is done. Not thread-safe. */
final class KeyOrder<T> {

    private final Map<String, Deque<Work<T>>> begun = new HashMap<>(); // and those that wait for them
    private final Deque<Work<T>> next = new ArrayDeque<>();
    private final int most;
    private int waiting;

    /** At most this many messages wait, since each takes memory, and messages after them may be done before them. */
    KeyOrder(int most) {
        this.most = most;
    }

    /** Whether a message may begin now; else it waits, and comes by {@link #next} later. */
    boolean begins(Work<T> work) {
        String key = work.message().key();
        if (key == null) {
            return true;
        }
        Deque<Work<T>> line = begun.get(key);
        if (line == null) {
            begun.put(key, new ArrayDeque<>());
            return true;
        }
        line.add(work);
        waiting++;
        return false;
    }

    /** A message that had to wait and may begin now. */
    @Nullable
    Work<T> next() {
        return next.poll();
    }

    /** Whether no more messages may wait. */
    boolean isFull() {
        return waiting >= most;
    }

    /** A message is done, so the next one of its key may begin. */
    void done(Work<T> work) {
        String key = work.message().key();
        Deque<Work<T>> line = key == null ? null : begun.get(key);
        if (line == null) {
            return;
        }
        Work<T> first = line.poll();
        if (first == null) {
            begun.remove(key);
        } else {
            waiting--;
            next.add(first);
        }
    }

    /** Those that wait will not be begun. */
    void putDownAll() {
        next.forEach(work -> work.batch().putDown());
        begun.values().forEach(line -> line.forEach(work -> work.batch().putDown()));
        next.clear();
        begun.clear();
        waiting = 0;
    }
}
