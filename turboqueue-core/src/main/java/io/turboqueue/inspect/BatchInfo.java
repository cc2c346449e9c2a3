package io.turboqueue.inspect;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * A batch as a listing found it. Immutable. Other processes continue meanwhile, so it may have been moved, claimed or
 * deleted since.
 *
 * @param location where it is; not null
 * @param delivery when it is delivered, and how often that was tried; not null
 * @param contents what is left in it; not null
 * @param note the reason of a dead letter, the owner of a claimed batch; empty in every other state
 */
public record BatchInfo(Location location, Delivery delivery, Contents contents, Optional<String> note) {

    /**
     * Where a batch is.
     *
     * @param queue its queue's name
     * @param state its state
     * @param id its id, which never changes and which no other batch has
     * @param file its file, an absolute path
     */
    public record Location(String queue, BatchState state, String id, Path file) {}

    /**
     * When a batch is delivered.
     *
     * @param priority from 0, the most urgent, to 9
     * @param due when it could first be claimed, or can be
     * @param attempts how many deliveries were begun
     * @param failures how many of them failed or ended with the death of their process; redriving sets it to 0
     */
    public record Delivery(int priority, Instant due, int attempts, int failures) {}

    /**
     * What is left in a batch.
     *
     * @param messages the messages still to be delivered; 0 if the file's name does not say, as with a batch that
     *     another program wrote
     * @param bytes the bytes of content; 0 if the name does not say
     */
    public record Contents(long messages, long bytes) {}

    /**
     * The queue's name.
     *
     * @return never null
     */
    public String queue() {
        return location.queue();
    }

    /**
     * Where the batch is.
     *
     * @return never null
     */
    public BatchState state() {
        return location.state();
    }

    /**
     * The batch's id.
     *
     * @return never null
     */
    public String id() {
        return location.id();
    }

    /**
     * The batch's file.
     *
     * @return an absolute path; never null
     */
    public Path file() {
        return location.file();
    }

    /**
     * The messages still to be delivered.
     *
     * @return 0 if the file's name does not say
     */
    public long messages() {
        return contents.messages();
    }

    /**
     * When it could first be claimed, or can be.
     *
     * @return never null
     */
    public Instant due() {
        return delivery.due();
    }

    /**
     * Why it is a dead letter.
     *
     * @return such as {@code attempts}; empty unless the state is {@link BatchState#DEAD}
     */
    public Optional<String> reason() {
        return state() == BatchState.DEAD ? note : Optional.empty();
    }
}
