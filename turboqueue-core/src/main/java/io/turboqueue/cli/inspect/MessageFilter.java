package io.turboqueue.cli.inspect;

import io.turboqueue.batch.StoredMessage;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which messages to show. */
final class MessageFilter {

    @Option(names = "--include", paramLabel = "REGEX", description = "Only payloads in which this is found.")
    @Nullable
    private Pattern include;

    @Option(names = "--exclude", paramLabel = "REGEX", description = "No payloads in which this is found.")
    @Nullable
    private Pattern exclude;

    @Option(names = "--key", paramLabel = "KEY", description = "Only messages with this key.")
    @Nullable
    private String key;

    boolean accepts(StoredMessage message) {
        if (key != null && !key.equals(message.key())) {
            return false;
        }
        if (include == null && exclude == null) {
            return true;
        }
        String text = new String(message.payload(), StandardCharsets.UTF_8);
        return (include == null || include.matcher(text).find())
                && (exclude == null || !exclude.matcher(text).find());
    }
}
