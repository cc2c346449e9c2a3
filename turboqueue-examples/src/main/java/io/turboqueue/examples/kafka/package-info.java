/**
 * A Kafka topic in, CPU-heavy work on every core of this host, a Kafka topic out. See
 * {@link io.turboqueue.examples.kafka.KafkaPipeline}, its main class, for what it promises.
 *
 * <pre>
 * in-topic -> KafkaToQueue -> queue NAME.in -> PipelineWorker (many) -> queue NAME.out -> QueueToKafka -> out-topic
 * </pre>
 */
@NullMarked
package io.turboqueue.examples.kafka;

import org.jspecify.annotations.NullMarked;
