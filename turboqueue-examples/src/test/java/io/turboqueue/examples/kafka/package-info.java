/** Tests of the Kafka pipeline, most of them with a real broker and real processes. */
@NullMarked
package io.turboqueue.examples.kafka;

import org.jspecify.annotations.NullMarked;
