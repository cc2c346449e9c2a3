package io.turboqueue.examples.kafka;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Makes the pipeline's Kafka clients. The properties file is for what the cluster needs (TLS, SASL) and for tuning; what
 * the pipeline's promises rest on is set after it and wins. Immutable.
 */
final class KafkaClients {

    private static final int FIRST_LOOK_MILLIS = 100;
    private static final int MAX_LOOK_MILLIS = 2_000;
    private static final int MAX_BLOCK_MILLIS = 15_000;
    /** Kafka's own two minutes are long for somebody who waits to hear that a broker does not answer. */
    private static final int DELIVERY_TIMEOUT_MILLIS = 30_000;

    private static final int REQUEST_TIMEOUT_MILLIS = 10_000;
    private static final int PRODUCER_BATCH_BYTES = 256 << 10;
    private static final int LINGER_MILLIS = 5;
    private static final long MIN_BUFFER = 64L << 20;

    private final PipelineSettings settings;
    private final Map<String, Object> properties;

    private KafkaClients(PipelineSettings settings, Map<String, Object> properties) {
        this.settings = settings;
        this.properties = properties;
    }

    /** Reads the properties file, if there is one. */
    static KafkaClients of(PipelineSettings settings) throws IOException, PipelineException {
        Map<String, Object> properties = new HashMap<>();
        Optional<Path> file = settings.properties();
        if (file.isPresent()) {
            Properties read = read(file.get());
            read.stringPropertyNames().forEach(name -> properties.put(name, read.getProperty(name)));
        }
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrap());
        properties.putIfAbsent(CommonClientConfigs.RECONNECT_BACKOFF_MS_CONFIG, FIRST_LOOK_MILLIS);
        properties.putIfAbsent(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, MAX_LOOK_MILLIS);
        return new KafkaClients(settings, properties);
    }

    private static Properties read(Path file) throws IOException, PipelineException {
        Properties read = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            read.load(reader);
        } catch (NoSuchFileException missing) {
            throw new PipelineException("setting kafka.properties = \"" + file + "\": there is no such file", missing);
        }
        return read;
    }

    /** Whether connections are without TLS. */
    boolean plaintext() {
        Object protocol = properties.get(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG);
        return protocol == null || !protocol.toString().toUpperCase(Locale.ROOT).endsWith("SSL");
    }

    Admin admin() throws PipelineException {
        return made(() -> Admin.create(new HashMap<>(properties)));
    }

    /**
     * A member of the group.
     *
     * @param number which of this host's members, from 0
     */
    KafkaConsumer<byte @Nullable [], byte @Nullable []> member(int number) throws PipelineException {
        Map<String, Object> all = new HashMap<>(properties);
        all.put(ConsumerConfig.GROUP_ID_CONFIG, settings.inGroup());
        settings.inInstance()
                .ifPresent(instance -> all.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, instance + "-" + number));
        all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // Where "latest" is, StartPositions has committed; what has no offset then is a partition that was added.
        String startAt = settings.text(PipelineSetting.IN_START_AT);
        all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, startAt.equals("none") ? startAt : "earliest");
        if (!"consumer".equalsIgnoreCase(String.valueOf(all.get(ConsumerConfig.GROUP_PROTOCOL_CONFIG)))) {
            all.putIfAbsent(
                    ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        }
        all.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, settings.number(PipelineSetting.BATCH_MESSAGES));
        return made(() -> new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
    }

    /** A reader of whole topics, without a group. */
    KafkaConsumer<byte @Nullable [], byte @Nullable []> reader(boolean committedOnly) throws PipelineException {
        Map<String, Object> all = new HashMap<>(properties);
        all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, committedOnly ? "read_committed" : "read_uncommitted");
        all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        all.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, settings.number(PipelineSetting.BATCH_MESSAGES));
        return made(() -> new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
    }

    /** A producer whose records are acknowledged by all in-sync replicas, and written once by each send. */
    KafkaProducer<byte @Nullable [], byte @Nullable []> producer() throws PipelineException {
        Map<String, Object> all = producerProperties();
        return made(() -> new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer()));
    }

    /** The same, with transactions. */
    KafkaProducer<byte @Nullable [], byte @Nullable []> transactionalProducer() throws PipelineException {
        Map<String, Object> all = producerProperties();
        all.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, settings.transactionalId());
        return made(() -> new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer()));
    }

    private Map<String, Object> producerProperties() {
        Map<String, Object> all = new HashMap<>(properties);
        all.put(ProducerConfig.ACKS_CONFIG, "all");
        all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        all.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, (int) settings.maxRecordBytes());
        all.putIfAbsent(ProducerConfig.BUFFER_MEMORY_CONFIG, Math.max(MIN_BUFFER, 2 * settings.maxRecordBytes()));
        all.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, PRODUCER_BATCH_BYTES);
        all.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MILLIS);
        addTimeouts(all);
        return all;
    }

    /** Kafka refuses a delivery timeout below linger and request timeout, so whoever sets one of the three sets all. */
    private static void addTimeouts(Map<String, Object> all) {
        boolean set = all.containsKey(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG)
                || all.containsKey(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG)
                || all.containsKey(ProducerConfig.LINGER_MS_CONFIG);
        if (!set) {
            all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MILLIS);
            all.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MILLIS);
        }
        all.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
    }

    private interface Maker<C> {
        C make();
    }

    private <C> C made(Maker<C> maker) throws PipelineException {
        try {
            return maker.make();
        } catch (KafkaException refused) {
            throw new PipelineException(
                    "the Kafka client's settings are refused, with kafka.bootstrap = \"" + settings.bootstrap() + "\": "
                            + KafkaErrors.sentence(refused),
                    refused);
        }
    }
}
