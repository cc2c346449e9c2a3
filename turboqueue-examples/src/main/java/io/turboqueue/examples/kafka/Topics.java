package io.turboqueue.examples.kafka;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Asks the cluster about topics, and says clearly when one is not as the pipeline needs it. */
final class Topics implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);
    private static final String LEDGER_SEGMENT_BYTES = Integer.toString(16 << 20);

    private final Admin admin;
    private final String bootstrap;
    private final boolean plaintext;

    private Topics(Admin admin, String bootstrap, boolean plaintext) {
        this.admin = admin;
        this.bootstrap = bootstrap;
        this.plaintext = plaintext;
    }

    static Topics open(PipelineSettings settings) throws IOException, PipelineException {
        KafkaClients clients = KafkaClients.of(settings);
        return new Topics(clients.admin(), settings.bootstrap(), clients.plaintext());
    }

    /** Requires all topics of the pipeline, and makes the ledger topic if it is needed and not there. */
    void requireAll(PipelineSettings settings) throws PipelineException, InterruptedException {
        require(settings.inTopic(), AclOperation.READ);
        require(settings.outTopic(), AclOperation.WRITE);
        if (settings.transactions()) {
            requireLedger(settings);
        }
    }

    /** Requires the ledger topic, and makes it if it is not there. */
    void requireLedger(PipelineSettings settings) throws PipelineException, InterruptedException {
        ensureLedger(settings.ledgerTopic());
        require(settings.ledgerTopic(), AclOperation.WRITE);
        requireCompacted(settings.ledgerTopic());
    }

    /** How many brokers the cluster has. */
    int brokers() throws PipelineException, InterruptedException {
        return answer(
                        admin.describeCluster(new DescribeClusterOptions().timeoutMs((int) PATIENCE.toMillis()))
                                .nodes(),
                        "the cluster")
                .size();
    }

    /** How many partitions of the topic a group has committed offsets of; a group that is not there has none. */
    long committed(String group, String topic) throws PipelineException, InterruptedException {
        try {
            return answer(
                            admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(),
                            "group \"" + group + "\"")
                    .entrySet()
                    .stream()
                    .filter(entry ->
                            entry.getValue() != null && entry.getKey().topic().equals(topic))
                    .count();
        } catch (PipelineException failed) {
            if (failed.getCause() instanceof GroupIdNotFoundException) {
                return 0;
            }
            throw failed;
        }
    }

    /** Something to ask the cluster. */
    interface Question<V> {
        V ask() throws IOException, PipelineException, InterruptedException;
    }

    /**
     * Asks until a broker answers: one that is away is waited for.
     *
     * @param stop looked at before each try
     * @param log gets a sentence at each try that failed
     * @return empty if it is time to stop
     * @throws PipelineException if the answer is that it cannot be
     */
    static <V> Optional<V> awaitAnswer(Question<V> question, BooleanSupplier stop, Consumer<String> log)
            throws IOException, PipelineException, InterruptedException {
        while (!stop.getAsBoolean()) {
            try {
                return Optional.of(question.ask());
            } catch (PipelineException failed) {
                if (!(failed.getCause() instanceof RetriableException)) {
                    throw failed;
                }
                log.accept(failed.getMessage() + ", tried again");
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            }
        }
        return Optional.empty();
    }

    /**
     * The topic's description.
     *
     * @throws PipelineException if it is missing, this client may not do that with it, or no broker answers
     */
    TopicDescription require(String topic, AclOperation operation) throws PipelineException, InterruptedException {
        TopicDescription found = describe(topic)
                .orElseThrow(() -> new PipelineException("topic \"" + topic + "\" does not exist on " + bootstrap
                        + ": create it, with as many partitions as hosts may ever share it"));
        if (found.authorizedOperations() != null
                && !found.authorizedOperations().isEmpty()
                && !found.authorizedOperations().contains(operation)) {
            throw new PipelineException("not authorised for topic \"" + topic + "\" on " + bootstrap + ": it needs "
                    + operation + ", and there is only " + found.authorizedOperations());
        }
        return found;
    }

    /** Empty if there is no such topic. */
    Optional<TopicDescription> describe(String topic) throws PipelineException, InterruptedException {
        DescribeTopicsOptions options =
                new DescribeTopicsOptions().includeAuthorizedOperations(true).timeoutMs((int) PATIENCE.toMillis());
        try {
            Map<String, TopicDescription> found =
                    answer(admin.describeTopics(List.of(topic), options).allTopicNames(), "topic \"" + topic + "\"");
            return Optional.ofNullable(found.get(topic));
        } catch (UnknownTopicOrPartitionException missing) {
            return Optional.empty();
        }
    }

    /** Makes a topic if it is not there, and waits until the brokers know of it. */
    void create(NewTopic topic) throws PipelineException, InterruptedException {
        try {
            answer(admin.createTopics(List.of(topic)).all(), "creating topic \"" + topic.name() + "\"");
        } catch (TopicExistsException somebodyElseDid) {
            // which is as good
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (describe(topic.name()).isEmpty() && System.nanoTime() - end < 0) {
            TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
        }
    }

    private void ensureLedger(String name) throws PipelineException, InterruptedException {
        if (describe(name).isEmpty()) {
            create(new NewTopic(name, Optional.of(1), Optional.empty())
                    .configs(Map.of("cleanup.policy", "compact", "segment.bytes", LEDGER_SEGMENT_BYTES)));
        }
    }

    /** A ledger that is not compacted grows without end; one from which old records are deleted forgets. */
    private void requireCompacted(String name) throws PipelineException, InterruptedException {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, name);
        Map<ConfigResource, Config> found;
        try {
            found = admin.describeConfigs(List.of(topic)).all().get();
        } catch (ExecutionException unknown) {
            if (unknown.getCause() instanceof AuthorizationException) {
                return; // who may write to it need not be allowed to look at its configuration
            }
            throw new PipelineException(
                    "the configuration of ledger topic \"" + name + "\": " + KafkaErrors.sentence(unknown), unknown);
        }
        ConfigEntry policy = Objects.requireNonNull(found.get(topic)).get(TopicConfig.CLEANUP_POLICY_CONFIG);
        if (policy != null && !TopicConfig.CLEANUP_POLICY_COMPACT.equals(policy.value())) {
            throw new PipelineException("ledger topic \"" + name + "\" has cleanup.policy = \"" + policy.value()
                    + "\", it must be \"compact\": with another policy the ledger forgets what is written");
        }
    }

    /** The partitions of a topic. */
    List<TopicPartition> partitions(String topic) throws PipelineException, InterruptedException {
        return require(topic, AclOperation.READ).partitions().stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
    }

    /** Where each partition ends, records of transactions that are still open included. */
    Map<TopicPartition, Long> ends(String topic) throws PipelineException, InterruptedException {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        for (TopicPartition partition : partitions(topic)) {
            latest.put(partition, OffsetSpec.latest());
        }
        Map<TopicPartition, ListOffsetsResultInfo> found =
                answer(admin.listOffsets(latest).all(), "the ends of topic \"" + topic + "\"");
        return found.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue()
                .offset()));
    }

    private <V> V answer(KafkaFuture<V> future, String what) throws PipelineException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause() == null ? failed : failed.getCause();
            if (cause instanceof UnknownTopicOrPartitionException missing) {
                throw missing;
            }
            if (cause instanceof TopicExistsException exists) {
                throw exists;
            }
            throw new PipelineException(explained(cause, what), cause);
        }
    }

    private String explained(Throwable cause, String what) {
        List<String> words = new ArrayList<>();
        if (cause instanceof AuthorizationException) {
            words.add("not authorised for " + what + " on " + bootstrap);
        } else if (cause instanceof TimeoutException) {
            words.add("no broker answers on " + bootstrap + " about " + what);
            TlsPort found = TlsPort.of(bootstrap);
            if (plaintext && found == TlsPort.TLS) {
                words.add("the port speaks TLS, and security.protocol in kafka.properties is not SSL or SASL_SSL");
            } else if (!plaintext && found == TlsPort.PLAINTEXT) {
                words.add("the port does not speak TLS, and security.protocol in kafka.properties is SSL or SASL_SSL");
            }
        } else {
            words.add(what + " on " + bootstrap);
        }
        words.add(KafkaErrors.sentence(cause));
        return String.join(": ", words);
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
