package io.turboqueue.examples.kafka;

import io.turboqueue.Message;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Without transactions: a batch that is delivered again is written again. */
final class PlainDelivery implements Delivery {

    private final RecordWriter writer;

    private PlainDelivery(RecordWriter writer) {
        this.writer = writer;
    }

    static PlainDelivery open(PipelineSettings settings) throws IOException, PipelineException {
        return new PlainDelivery(
                new RecordWriter(settings.outTopic(), KafkaClients.of(settings).producer()));
    }

    @Override
    public Outcome deliver(List<Message<byte[]>> messages)
            throws PipelineException, PassingException, InterruptedException {
        Map<Message<byte[]>, Exception> refused = new HashMap<>();
        List<Message<byte[]>> left = messages;
        int records = 0;
        while (!left.isEmpty()) {
            RecordWriter.Failures failures = writer.write(left);
            refused.putAll(failures.refused());
            records += failures.records();
            left = failures.bystanders();
        }
        return new Outcome(records, 0, refused);
    }

    @Override
    public void close() {
        writer.close();
    }
}
