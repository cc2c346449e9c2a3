package io.turboqueue.examples.kafka;

import io.turboqueue.Message;
import java.util.List;
import java.util.Map;

/** A way of writing batches into the out-topic. Not thread-safe. After an error it must be closed and opened again. */
interface Delivery extends AutoCloseable {

    /**
     * What became of a batch.
     *
     * @param written how many records are in the topic now
     * @param recognised how many were there already and were not written again
     * @param refused those the broker will never take, each with its error
     */
    record Outcome(int written, int recognised, Map<Message<byte[]>, Exception> refused) {}

    /**
     * Writes the records of these messages; when it returns, all are acknowledged by the brokers or refused.
     *
     * @throws PipelineException if no record can be written until somebody has changed something
     * @throws PassingException if it may work when it is tried again
     */
    Outcome deliver(List<Message<byte[]>> messages) throws PipelineException, PassingException, InterruptedException;

    @Override
    void close();

    /** Kafka cannot be written to now. */
    final class PassingException extends Exception {
        private static final long serialVersionUID = 1;

        PassingException(Exception cause) {
            super(KafkaErrors.sentence(cause), cause);
        }
    }
}
