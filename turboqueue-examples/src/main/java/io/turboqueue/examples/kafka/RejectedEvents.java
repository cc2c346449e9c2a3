package io.turboqueue.examples.kafka;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.turboqueue.SendOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Events that no message of the in-queue can hold: larger than {@code queue.batchBytes}, or with headers that a message
 * cannot have. All of such an event is kept in a JSON file of its own, key, value and headers as Base64; a message without
 * payload takes its place in the queue, and the worker that gets it makes a dead letter of it. So the event's offset is
 * accounted for, and those after it continue.
 */
final class RejectedEvents {

    /** The header that holds the reason; only a stand-in has it. */
    private static final String REASON = "kafka.rejected";

    /** The header that names the file. */
    private static final String FILE = "kafka.rejectedFile";

    private static final int MAX_REASON = 300;

    private final Path folder;
    private final boolean stop;
    private final Consumer<String> log;
    private long rejected;

    private RejectedEvents(Path folder, boolean stop, Consumer<String> log) {
        this.folder = folder;
        this.stop = stop;
        this.log = log;
    }

    static RejectedEvents of(PipelineProcess process) {
        PipelineSettings settings = process.settings();
        return new RejectedEvents(
                settings.folder().resolve("rejected"),
                settings.text(PipelineSetting.IN_REJECTED).equals("stop"),
                process::log);
    }

    /** Keeps what it rejects in this folder. */
    static RejectedEvents in(Path folder) {
        return new RejectedEvents(folder, false, line -> {});
    }

    /**
     * Keeps the record in a file, which is on the disk on return.
     *
     * @param reason why no message can hold it
     * @return the options of the message that takes its place
     * @throws PipelineException if the settings say to stop
     */
    SendOptions reject(ConsumerRecord<byte @Nullable [], byte @Nullable []> record, IllegalArgumentException reason)
            throws IOException, PipelineException {
        String event = record.topic() + "-" + record.partition() + " at offset " + record.offset();
        if (stop) {
            throw new PipelineException(
                    "event " + event + " cannot be accepted: " + reason.getMessage()
                            + "; raise queue.batchBytes, or set in.rejected = deadLetter",
                    reason);
        }
        String name = record.topic() + "-" + record.partition() + "-" + record.offset() + ".json";
        write(name, json(record, reason).toPrettyString().getBytes(StandardCharsets.UTF_8));
        rejected++;
        log.accept("event " + event + " becomes a dead letter, its bytes are in " + folder.resolve(name) + ": "
                + reason.getMessage());
        return withTime(SendOptions.create(), record)
                .header(REASON, shortened(String.valueOf(reason.getMessage())))
                .header(FILE, name);
    }

    private static SendOptions withTime(
            SendOptions options, ConsumerRecord<byte @Nullable [], byte @Nullable []> record) {
        return record.timestamp() < 0 ? options : options.time(Instant.ofEpochMilli(record.timestamp()));
    }

    private static ObjectNode json(
            ConsumerRecord<byte @Nullable [], byte @Nullable []> record, IllegalArgumentException reason) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("topic", record.topic());
        json.put("partition", record.partition());
        json.put("offset", record.offset());
        json.put("timestamp", record.timestamp());
        json.put("reason", reason.getMessage());
        json.put("key", record.key());
        json.put("value", record.value());
        for (Header header : record.headers()) {
            json.withArray("headers").addObject().put("name", header.key()).put("value", header.value());
        }
        return json;
    }

    private void write(String name, byte[] bytes) throws IOException {
        Files.createDirectories(folder);
        Path unfinished = folder.resolve(name + "~");
        try (FileChannel file = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                file.write(left);
            }
            file.force(true);
        }
        Files.move(unfinished, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }

    private static String shortened(String reason) {
        return reason.length() <= MAX_REASON ? reason : reason.substring(0, MAX_REASON);
    }

    /** How many since the last call. */
    long takeCount() {
        long taken = rejected;
        rejected = 0;
        return taken;
    }

    /** Whether these are the headers of a stand-in. */
    static boolean isStandIn(Map<String, String> headers) {
        return headers.containsKey(REASON);
    }

    /** Throws the reason if these are the headers of a stand-in. */
    static void throwIfStandIn(Map<String, String> headers) throws RejectedException {
        String reason = headers.get(REASON);
        if (reason != null) {
            throw new RejectedException(reason + "; its bytes are in rejected/" + headers.get(FILE));
        }
    }

    /** What a stand-in's dead letter says. */
    static final class RejectedException extends Exception {

        private static final long serialVersionUID = 1;

        RejectedException(String message) {
            super(message);
        }
    }
}
