package io.turboqueue.layout;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What may be in an owner directory beside its lock file. Pure functions. */
public sealed interface OwnerEntry {

    /** The queue it belongs to. */
    QueueName queue();

    /** The name as it is on disk. */
    String format();

    /**
     * A batch being filled, {@code loading~QUEUE~ID.db}. Never promoted to anything.
     *
     * @param queue where it is to be published
     * @param id the batch's id
     */
    record Loading(QueueName queue, String id) implements OwnerEntry {
        @Override
        public String format() {
            return "loading~" + queue + "~" + id + BatchName.SUFFIX;
        }
    }

    /**
     * A batch being processed, {@code claimed~NUMBER~QUEUE~NAME}.
     *
     * @param number counts the process's claims, so that no claim's name ever occurs twice
     * @param queue where it was claimed
     * @param batch its name there
     */
    record Claimed(long number, QueueName queue, BatchName batch) implements OwnerEntry {
        @Override
        public String format() {
            return "claimed~" + HexText.of(number) + "~" + queue + "~" + batch.format();
        }
    }

    /** The grammar of both: a word, a number for claims, a queue, the rest. */
    Pattern GRAMMAR =
            Pattern.compile("(?:loading|claimed~([0-9a-f]{8,15}))~(" + QueueName.REGEX + ")~([A-Za-z0-9_.-]+)\\.db");

    /** The entry with this file name; empty for lock files and for everything that is not ours. */
    static Optional<OwnerEntry> parse(String text) {
        Matcher matcher = GRAMMAR.matcher(text);
        if (!matcher.matches() || !QueueName.isValid(matcher.group(2))) {
            return Optional.empty();
        }
        QueueName queue = new QueueName(matcher.group(2));
        String rest = matcher.group(3);
        if (matcher.group(1) == null) {
            return Optional.of(new Loading(queue, rest));
        }
        long number = Long.parseLong(matcher.group(1), 16);
        return BatchName.parse(rest + BatchName.SUFFIX)
                .<OwnerEntry>map(batch -> new Claimed(number, queue, batch))
                .filter(claimed -> claimed.format().equals(text));
    }
}
