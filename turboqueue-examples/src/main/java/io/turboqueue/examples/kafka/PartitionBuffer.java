package io.turboqueue.examples.kafka;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The records of one partition on their way into batches. A batch ends where the offset is a multiple of its size, so that
 * the borders are the same when the range is read again; or earlier, when it has too many bytes or has waited too long.
 * Not thread-safe.
 */
final class PartitionBuffer {

    /**
     * When a batch is full.
     *
     * @param messages at most
     * @param bytes at most, everything counted, unless it is a single message
     */
    record Limits(int messages, long bytes) {}

    private final SourcePartition partition;
    private final Limits limits;
    private final Deque<EventBatch> full = new ArrayDeque<>();
    private List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> open = new ArrayList<>();
    private long openBytes;
    private long openedNanos;
    private long buffered;
    private long previous = -1;
    private long beforeOpen = -1;

    PartitionBuffer(SourcePartition partition, Limits limits) {
        this.partition = partition;
        this.limits = limits;
    }

    void add(ConsumerRecord<byte @Nullable [], byte @Nullable []> record, long nowNanos) {
        long bytes = EventHeaders.bytes(record);
        if (!open.isEmpty() && !fits(record, bytes)) {
            seal();
        }
        if (open.isEmpty()) {
            openedNanos = nowNanos;
            beforeOpen = previous;
        }
        open.add(record);
        openBytes += bytes;
        buffered += bytes;
        previous = record.offset();
    }

    private boolean fits(ConsumerRecord<byte @Nullable [], byte @Nullable []> record, long bytes) {
        return record.offset() / limits.messages == open.get(0).offset() / limits.messages
                && openBytes + bytes <= limits.bytes;
    }

    private void seal() {
        full.add(new EventBatch(partition, List.copyOf(open), beforeOpen));
        open = new ArrayList<>();
        openBytes = 0;
    }

    /** The next batch that is full, or whose first record came before that moment. */
    Optional<EventBatch> take(long openedBeforeNanos) {
        if (full.isEmpty() && !open.isEmpty() && (isComplete() || openedNanos - openedBeforeNanos < 0)) {
            seal();
        }
        EventBatch next = full.poll();
        if (next != null) {
            next.records().forEach(record -> buffered -= EventHeaders.bytes(record));
        }
        return Optional.ofNullable(next);
    }

    private boolean isComplete() {
        return (open.get(open.size() - 1).offset() + 1) % limits.messages == 0;
    }

    boolean isEmpty() {
        return full.isEmpty() && open.isEmpty();
    }

    /** About what it holds. */
    long bytes() {
        return buffered;
    }
}
