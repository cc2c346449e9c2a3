package io.turboqueue;

import io.turboqueue.layout.QueueName;
import java.io.IOException;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The attempt limit of each queue, from the settings that this process knows. Thread-safe.
 *
 * @param configs where the settings come from
 */
record AttemptLimits(ConfigSource configs) implements ToIntFunction<QueueName> {

    private static final Logger LOG = LoggerFactory.getLogger(AttemptLimits.class);

    /** Where a queue's settings come from. */
    interface ConfigSource {
        QueueConfig of(QueueName queue) throws IOException;
    }

    /** Without readable settings no batch becomes a dead letter: it may be delivered too often, but is not set aside. */
    @Override
    public int applyAsInt(QueueName queue) {
        try {
            return configs.of(queue).maxAttempts();
        } catch (IOException | IllegalArgumentException unreadable) {
            LOG.warn(
                    "the settings of queue {} cannot be read, so its attempts are not limited now: {}",
                    queue,
                    unreadable.getMessage());
            return Integer.MAX_VALUE;
        }
    }
}
