package io.turboqueue.examples.kafka;

import io.turboqueue.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * With transactions: the records of a batch and the ledger's note that they are written are committed together, and what
 * the ledger knows already is not written again. So a consumer that reads only what is committed sees each event once,
 * however often its batch is delivered.
 */
final class TransactionalDelivery implements Delivery {

    private final RecordWriter writer;
    private final Ledger ledger;

    private TransactionalDelivery(RecordWriter writer, Ledger ledger) {
        this.writer = writer;
        this.ledger = ledger;
    }

    /** Ends what an earlier process with this transactional id left open, and then reads the ledger. In this order. */
    static TransactionalDelivery open(PipelineSettings settings)
            throws IOException, PipelineException, PassingException, InterruptedException {
        KafkaProducer<byte @Nullable [], byte @Nullable []> producer =
                KafkaClients.of(settings).transactionalProducer();
        RecordWriter writer = new RecordWriter(settings.outTopic(), producer);
        try {
            step("begin as " + settings.transactionalId(), producer::initTransactions);
            return new TransactionalDelivery(writer, Ledger.read(settings));
        } catch (PipelineException | PassingException | InterruptedException | IOException failed) {
            writer.close();
            throw failed;
        }
    }

    @Override
    public Outcome deliver(List<Message<byte[]>> messages)
            throws PipelineException, PassingException, InterruptedException {
        Map<Message<byte[]>, SourceOffset> sources = new HashMap<>();
        List<Message<byte[]>> fresh = fresh(messages, sources);
        Map<Message<byte[]>, Exception> refused = new HashMap<>();
        List<Message<byte[]>> left = fresh;
        int records = 0;
        while (!left.isEmpty()) {
            RecordWriter.Failures failures = transaction(left, sources);
            if (failures.none()) {
                records = failures.records();
                break;
            }
            refused.putAll(failures.refused());
            left = RecordWriter.without(left, failures.refused());
        }
        return new Outcome(records, messages.size() - fresh.size(), refused);
    }

    /** Those that are not in the topic yet, nor twice among these. A message that is not from Kafka is always fresh. */
    private List<Message<byte[]>> fresh(List<Message<byte[]>> messages, Map<Message<byte[]>, SourceOffset> sources) {
        List<Message<byte[]>> fresh = new ArrayList<>(messages.size());
        Map<SourcePartition, OffsetRanges> seen = new HashMap<>();
        for (Message<byte[]> message : messages) {
            Optional<SourceOffset> source = SourceOffset.of(message);
            if (source.isPresent()) {
                SourceOffset at = source.get();
                OffsetRanges known = seen.computeIfAbsent(
                        at.partition(), partition -> ledger.written(partition).copy());
                if (known.contains(at.offset())) {
                    continue;
                }
                known.add(at.offset(), at.offset());
                sources.put(message, at);
            }
            fresh.add(message);
        }
        return fresh;
    }

    /** Commits all of them, or none if one is refused. */
    @SuppressWarnings("FutureReturnValueIgnored") // the commit tells
    private RecordWriter.Failures transaction(
            List<Message<byte[]>> messages, Map<Message<byte[]>, SourceOffset> sources)
            throws PipelineException, PassingException, InterruptedException {
        KafkaProducer<byte @Nullable [], byte @Nullable []> producer = writer.producer();
        step("begin", producer::beginTransaction);
        RecordWriter.Failures failures = writer.write(messages);
        if (!failures.none()) {
            step("abort", producer::abortTransaction);
            return failures;
        }
        List<SourceOffset> offsets =
                messages.stream().filter(sources::containsKey).map(sources::get).toList();
        Ledger.Addition addition = ledger.addition(offsets);
        step("commit", () -> {
            for (ProducerRecord<byte @Nullable [], byte @Nullable []> note : addition.records()) {
                producer.send(note); // an error of it is one of the commit
            }
            producer.commitTransaction();
        });
        ledger.add(addition);
        return failures;
    }

    private static void step(String what, Runnable step)
            throws PipelineException, PassingException, InterruptedException {
        try {
            step.run();
        } catch (InterruptException interrupted) {
            throw new InterruptedException(interrupted.getMessage());
        } catch (KafkaException failed) {
            if (KafkaErrors.stopsTransactions(failed)) {
                throw new PipelineException(
                        "a transaction cannot " + what + ": " + KafkaErrors.sentence(failed)
                                + " (every host needs an out.transactionalId of its own, and may write the ledger topic)",
                        failed);
            }
            throw new PassingException(failed);
        }
    }

    @Override
    public void close() {
        writer.close();
    }
}
