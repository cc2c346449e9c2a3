package io.turboqueue.layout;

import java.util.Locale;
import java.util.Optional;

/**
 * A dead letter's file name: {@code NAME-without-.db~REASON.db}. Pure functions.
 *
 * @param batch the batch
 * @param reason why it is dead: {@code attempts}, {@code crc}, or a consumer's own word
 */
public record DeadName(BatchName batch, String reason) {

    /** The reason of batches that failed at one place as often as allowed. */
    public static final String ATTEMPTS = "attempts";

    /** The reason of messages at which the process died as often as allowed, and of the rest of a batch that had several. */
    public static final String DEATHS = "deaths";

    private static final char SEPARATOR = '~';
    private static final int MAX_REASON = 40;
    private static final int MAX_NAME = 255;

    /** Makes the reason fit for a file name: lower-case letters, digits and hyphens, 40 at most and no more than fit. */
    public DeadName {
        reason = slug(reason, Math.min(MAX_REASON, MAX_NAME - batch.format().length() - 1));
    }

    private static String slug(String text, int longest) {
        String words = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        String cut = words.length() > longest ? words.substring(0, longest) : words;
        String trimmed = cut.replaceAll("^-+|-+$", "");
        return trimmed.isEmpty() ? "rejected" : trimmed;
    }

    /** The name as it is on disk. */
    public String format() {
        String name = batch.format();
        return name.substring(0, name.length() - BatchName.SUFFIX.length()) + SEPARATOR + reason + BatchName.SUFFIX;
    }

    /** The dead letter with this file name; empty if it is none's. */
    public static Optional<DeadName> parse(String text) {
        int separator = text.indexOf(SEPARATOR);
        if (separator < 0 || !text.endsWith(BatchName.SUFFIX)) {
            return Optional.empty();
        }
        String reason = text.substring(separator + 1, text.length() - BatchName.SUFFIX.length());
        return BatchName.parse(text.substring(0, separator) + BatchName.SUFFIX)
                .map(batch -> new DeadName(batch, reason))
                .filter(name -> name.format().equals(text));
    }
}
