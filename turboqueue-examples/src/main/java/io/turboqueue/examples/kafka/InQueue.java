package io.turboqueue.examples.kafka;

import io.turboqueue.QueueFullException;
import io.turboqueue.QueueProducer;
import io.turboqueue.SendOptions;
import io.turboqueue.TurboQueue;
import java.io.IOException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Publishes batches into the in-queue, one at a time, without ever waiting: the thread that does it must keep polling
 * Kafka, or it would lose its partitions. Not thread-safe.
 */
final class InQueue implements AutoCloseable {

    private static final byte[] NOTHING = new byte[0];

    private final TurboQueue<byte[]> queue;
    private final RejectedEvents rejected;
    private QueueProducer<byte[]> producer;
    private @Nullable EventBatch atWork;
    private int sent;

    private InQueue(TurboQueue<byte[]> queue, RejectedEvents rejected, QueueProducer<byte[]> producer) {
        this.queue = queue;
        this.rejected = rejected;
        this.producer = producer;
    }

    /** On a queue whose settings say {@code whenFull: fail}. */
    static InQueue open(TurboQueue<byte[]> queue, RejectedEvents rejected) throws IOException {
        return new InQueue(queue, rejected, queue.producer());
    }

    /** The batch that was begun and is not published yet, since the queue is full. */
    @Nullable
    EventBatch atWork() {
        return atWork;
    }

    /** Takes a batch on; there must be none at work. Then {@link #publish} it. */
    void begin(EventBatch batch) {
        if (atWork != null) {
            throw new IllegalStateException("batch " + atWork.id() + " is not published yet");
        }
        atWork = batch;
        sent = 0;
    }

    /** Publishes the batch at work, and all of it; false if the queue is full. Try again later then. */
    boolean publish() throws IOException, InterruptedException, PipelineException {
        EventBatch batch = atWork;
        if (batch == null) {
            return true;
        }
        try {
            send(batch);
            producer.flush();
        } catch (QueueFullException later) {
            return false;
        }
        atWork = null;
        return true;
    }

    private void send(EventBatch batch) throws IOException, InterruptedException, PipelineException {
        long previous =
                sent == 0 ? batch.previous() : batch.records().get(sent - 1).offset();
        for (; sent < batch.records().size(); sent++) {
            ConsumerRecord<byte @Nullable [], byte @Nullable []> record =
                    batch.records().get(sent);
            send(record, new Source(batch.id(), SourceOffset.offsetText(previous, record.offset())));
            previous = record.offset();
        }
    }

    private record Source(String batch, String offset) {

        SendOptions addTo(SendOptions options) {
            return options.header(SourceOffset.BATCH, batch).header(SourceOffset.OFFSET, offset);
        }
    }

    /** Sends a record; if no message can hold it, a stand-in for it. */
    private void send(ConsumerRecord<byte @Nullable [], byte @Nullable []> record, Source source)
            throws IOException, InterruptedException, PipelineException {
        try {
            producer.send(EventHeaders.payload(record.value()), source.addTo(EventHeaders.options(record)));
        } catch (IllegalArgumentException unfit) {
            producer.send(NOTHING, source.addTo(rejected.reject(record, unfit)));
        }
    }

    /**
     * Gets what was sent so far out of the way, though the queue may be full, and drops the rest of the batch at work: for
     * when its partition goes to somebody else, or this process ends.
     *
     * @return the last offset that is published; -1 if none of that batch is
     */
    long finish() throws IOException {
        EventBatch batch = atWork;
        producer.close();
        producer = queue.producer();
        atWork = null;
        return batch == null || sent == 0 ? -1 : batch.records().get(sent - 1).offset();
    }

    @Override
    public void close() throws IOException {
        producer.close();
    }
}
