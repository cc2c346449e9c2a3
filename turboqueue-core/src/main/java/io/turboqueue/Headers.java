package io.turboqueue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The headers the queue itself adds, and their form on disk: a JSON object. Thread-safe. */
public final class Headers {

    /** What the handler of a retried or dead message failed with, in one line. */
    public static final String ERROR = "turboqueue.error";

    /** How many deliveries of the message failed. */
    public static final String ATTEMPT = "turboqueue.attempt";

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int LONGEST_ERROR = 1000;

    private Headers() {}

    static @Nullable String format(Map<String, String> headers) {
        if (headers.isEmpty()) {
            return null;
        }
        try {
            return JSON.writeValueAsString(headers);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a map of strings is always JSON", impossible);
        }
    }

    /**
     * The headers in a batch file's JSON text; null has none. Values that are no texts, as other programs may write them,
     * are given as their JSON; what is no object is empty.
     */
    public static Map<String, String> parse(@Nullable String json) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (json != null) {
            try {
                for (Map.Entry<String, JsonNode> header : JSON.readTree(json).properties()) {
                    JsonNode value = header.getValue();
                    headers.put(header.getKey(), value.isTextual() ? value.textValue() : value.toString());
                }
            } catch (JsonProcessingException notJson) {
                return Map.of();
            }
        }
        return Map.copyOf(headers);
    }

    /** The headers of a message whose delivery failed. */
    static @Nullable String failed(@Nullable String headers, Throwable error, int attempt) {
        Map<String, String> all = new LinkedHashMap<>(parse(headers));
        String text = error.toString().replaceAll("\\p{Cntrl}+", " ");
        all.put(ERROR, text.length() > LONGEST_ERROR ? text.substring(0, LONGEST_ERROR) : text);
        all.put(ATTEMPT, Integer.toString(attempt));
        return format(all);
    }
}
