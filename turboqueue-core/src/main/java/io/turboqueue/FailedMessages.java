package io.turboqueue;

import io.turboqueue.batch.StoredMessage;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.BatchIds;
import io.turboqueue.layout.BatchName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages of a claimed batch that failed alone, until they are published in batches of their own. Those that failed equally
 * often share one, since they wait equally long, or are dead letters. Not thread-safe.
 */
final class FailedMessages {

    private static final Logger LOG = LoggerFactory.getLogger(FailedMessages.class);

    private final QueueContext<?> queue;
    private final NavigableMap<Long, Failed> failed = new TreeMap<>();

    /** A message with its failure in its headers. */
    private record Failed(StoredMessage message, Headers.Failure failure) {}

    FailedMessages(QueueContext<?> queue) {
        this.queue = queue;
    }

    /** Counts one more failure of this message alone. The last error counts if it is called twice. */
    void add(Message<?> message, Throwable error) {
        StoredMessage stored = message.stored();
        int failures = Headers.failures(stored.headers()) + 1;
        Headers.Failure failure = new Headers.Failure(Headers.describe(error), failures, message.identity());
        failed.put(message.id(), new Failed(Headers.failed(stored, failure), failure));
    }

    /** Whether one of the batch's first messages, this many, failed. */
    boolean isAmong(long first) {
        return !failed.headMap(first, true).isEmpty();
    }

    /** Forgets those after the batch's first messages, this many. */
    void forgetAfter(long first) {
        failed.tailMap(first, false).clear();
    }

    /**
     * Publishes those that failed among the batch's first messages, this many, to be retried, or as dead letters at the
     * attempt limit. What is published is forgotten, so this may be called again after an error.
     */
    void publish(long first, BatchName batch) throws IOException {
        NavigableMap<Long, Failed> leaving = failed.headMap(first, true);
        SortedMap<Integer, List<Long>> byFailures = new TreeMap<>();
        leaving.forEach((id, message) -> byFailures
                .computeIfAbsent(message.failure.failures(), count -> new ArrayList<>())
                .add(id));
        for (List<Long> ids : byFailures.values()) {
            publish(ids.stream().map(leaving::get).toList(), batch);
            ids.forEach(leaving::remove);
        }
    }

    private void publish(List<Failed> group, BatchName batch) throws IOException {
        Headers.Failure last = group.get(group.size() - 1).failure;
        BatchState to = queue.isLastFailure(last.failures()) ? BatchState.DEAD : BatchState.DELAYED;
        queue.ensure(to);
        try (OutgoingBatch retry = queue.newBatch(new BatchIds())) {
            for (Failed message : group) {
                retry.add(message.message);
            }
            long due = queue.retryAtMillis(last.failures() - 1);
            retry.publish(new OutgoingBatch.Target(to, batch.priority(), due, history(batch)), queue.power());
        }
        if (to == BatchState.DEAD) {
            LOG.warn(
                    "queue {}: {} messages of batch {} failed {} times and go to dead/, the last with {}",
                    queue.folder().name(),
                    group.size(),
                    batch.id(),
                    last.failures(),
                    last.error());
        }
    }

    /** Delivered once more than the batch from which they come; nothing has failed at their new place. */
    private static BatchName.History history(BatchName from) {
        return new BatchName.History(from.attempt() + 1, 0, 0, 0, false);
    }
}
