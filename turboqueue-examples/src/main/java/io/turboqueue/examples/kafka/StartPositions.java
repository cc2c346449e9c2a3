package io.turboqueue.examples.kafka;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.UnknownMemberIdException;

/**
 * Where a group begins that never read the topic: with {@code in.startAt: latest} at the topic's end. The offsets are
 * committed before any bridge starts, so that what comes after this moment is read even if no bridge lives long enough to
 * commit. A partition that is added later has no committed offset and is read from its beginning.
 */
final class StartPositions {

    private StartPositions() {}

    /** Commits the start of a group that has none; does nothing for a group that has, or whose members work already. */
    static void choose(PipelineSettings settings) throws IOException, PipelineException, InterruptedException {
        if (!settings.text(PipelineSetting.IN_START_AT).equals("latest")) {
            return;
        }
        try (Admin admin = KafkaClients.of(settings).admin();
                Topics topics = Topics.open(settings)) {
            if (!hasCommitted(admin, settings)) {
                commit(admin, settings.inGroup(), topics.ends(settings.inTopic()));
            }
        } catch (ExecutionException failed) {
            throw new PipelineException(
                    "the start of group \"" + settings.inGroup() + "\" in topic \"" + settings.inTopic()
                            + "\" cannot be committed: " + KafkaErrors.sentence(cause(failed)),
                    failed);
        }
    }

    private static boolean hasCommitted(Admin admin, PipelineSettings settings)
            throws ExecutionException, InterruptedException {
        try {
            return admin
                    .listConsumerGroupOffsets(settings.inGroup())
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .entrySet()
                    .stream()
                    .anyMatch(entry ->
                            entry.getValue() != null && entry.getKey().topic().equals(settings.inTopic()));
        } catch (ExecutionException failed) {
            if (cause(failed) instanceof GroupIdNotFoundException) {
                return false;
            }
            throw failed;
        }
    }

    private static void commit(Admin admin, String group, Map<TopicPartition, Long> ends)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> offsets = ends.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, end -> new OffsetAndMetadata(end.getValue())));
        try {
            admin.alterConsumerGroupOffsets(group, offsets).all().get();
        } catch (ExecutionException failed) {
            boolean hasMembers = cause(failed) instanceof UnknownMemberIdException
                    || cause(failed) instanceof GroupNotEmptyException;
            if (!hasMembers) {
                throw failed;
            }
            // another host's bridges are at work, and that host has chosen the start
        }
    }

    private static Throwable cause(ExecutionException failed) {
        return failed.getCause() == null ? failed : failed.getCause();
    }
}
