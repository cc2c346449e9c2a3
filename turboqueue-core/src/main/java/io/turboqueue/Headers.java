package io.turboqueue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.turboqueue.batch.StoredMessage;
import io.turboqueue.text.WellFormedText;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The headers that the queue itself adds, and the form of headers on disk: a JSON object. Thread-safe.
 *
 * <p>Headers that a sender wrote stay as they were written when the queue adds its own. Another program may write
 * headers that are not a JSON object, so that nothing can be added to them. These are kept whole as the value of
 * {@link #HEADERS}, or in Base64 as the value of {@link #HEADERS_BASE64} if they are not text or consist mostly of
 * control characters.
 */
public final class Headers {

    /**
     * The last error of a message that was retried alone or is a dead letter, in one line of at most 1000 characters.
     */
    public static final String ERROR = "turboqueue.error";

    /** How often the message failed alone, as a decimal number. */
    public static final String ATTEMPT = "turboqueue.attempt";

    /** The message's {@linkplain Message#identity identity}, if it was moved out of the batch in which it was sent. */
    public static final String ID = "turboqueue.id";

    /** The headers of another program, if they are text but not a JSON object. */
    public static final String HEADERS = "turboqueue.headers";

    /** The headers of another program in Base64, if they are not text. */
    public static final String HEADERS_BASE64 = "turboqueue.headersBase64";

    /** How the names of the queue's own headers begin. */
    static final String OWN = "turboqueue.";

    private static final Set<String> OF_THE_PAST = Set.of(ERROR, ATTEMPT, ID);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int MAX_ERROR = 1000;

    private Headers() {}

    /**
     * Why a message leaves its batch.
     *
     * @param error what its last failure was
     * @param failures how often it failed so far
     * @param identity the message's
     */
    record Failure(String error, int failures, String identity) {}

    static @Nullable String format(Map<String, String> headers) {
        return headers.isEmpty() ? null : quoted(headers);
    }

    /** Of names and values that are JSON already. */
    static @Nullable String formatWritten(Map<String, String> written) {
        StringBuilder json = new StringBuilder("{");
        written.forEach((name, value) -> append(json, name, value));
        return written.isEmpty() ? null : json.append('}').toString();
    }

    private static String quoted(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("texts and maps of them are always JSON", impossible);
        }
    }

    /**
     * Parses the headers in a batch file. Other programs may write values that are not strings; these are returned as
     * their JSON. If a name occurs twice, the last value counts. Text that is not a JSON object becomes the value of
     * {@link #HEADERS} or {@link #HEADERS_BASE64}.
     *
     * @param json the text as it is stored; null if the message has no headers
     * @return an unmodifiable map in the order written; empty if there are no headers, never null
     */
    public static Map<String, String> parse(@Nullable String json) {
        if (json == null) {
            return Map.of();
        }
        List<HeaderFields.Field> fields = HeaderFields.of(json);
        if (fields == null) {
            return beside(json);
        }
        Map<String, String> headers = new LinkedHashMap<>();
        fields.forEach(field -> headers.put(field.name(), field.value()));
        return Collections.unmodifiableMap(headers);
    }

    /**
     * A message's headers as the text of a JSON object: as they were written, if they are one.
     *
     * @return null if it has none
     */
    static @Nullable String object(StoredMessage message) {
        return object(message.headers(), message.headersNoText());
    }

    /**
     * Headers as the text of a JSON object: as they were written if they are one, otherwise under {@link #HEADERS} or
     * {@link #HEADERS_BASE64}.
     *
     * @param text the headers as text; null if there are none
     * @param noText the bytes of the headers if they are not text; otherwise null
     * @return the text of a JSON object; null if there are no headers
     */
    public static @Nullable String object(@Nullable String text, byte @Nullable [] noText) {
        if (text == null) {
            return null;
        }
        if (noText != null) {
            return quoted(Map.of(HEADERS_BASE64, Base64.getEncoder().encodeToString(noText)));
        }
        return HeaderFields.of(text) == null ? quoted(beside(text)) : text;
    }

    private static Map<String, String> beside(String text) {
        byte[] utf8 = isCostly(text) ? text.getBytes(StandardCharsets.UTF_8) : null;
        return utf8 == null
                ? Map.of(HEADERS, text)
                : Map.of(HEADERS_BASE64, Base64.getEncoder().encodeToString(utf8));
    }

    /** Each control character would take six. */
    private static boolean isCostly(String text) {
        return text.chars().filter(character -> character < ' ').count() > text.length() / 2;
    }

    /** The value of one of the queue's own headers; null if it is not there. Cheap where there are none. */
    static @Nullable String own(@Nullable String json, String name) {
        return json == null || !json.contains(OWN) ? null : parse(json).get(name);
    }

    /** How often a message failed alone; 0 if it never did. */
    static int failures(@Nullable String json) {
        String count = own(json, ATTEMPT);
        try {
            return count == null ? 0 : Math.max(0, Integer.parseInt(count));
        } catch (NumberFormatException ofAnotherProgram) {
            return 0;
        }
    }

    /** Headers with these texts, and without what they had under the same names. */
    static String with(@Nullable String object, Map<String, String> more) {
        StringBuilder json = new StringBuilder("{");
        List<HeaderFields.Field> fields = object == null ? null : HeaderFields.of(object);
        if (fields != null) {
            fields.stream()
                    .filter(field -> !more.containsKey(field.name()))
                    .forEach(field -> append(json, field.name(), field.json()));
        }
        more.forEach((name, value) -> append(json, name, quoted(value)));
        return json.append('}').toString();
    }

    private static void append(StringBuilder json, String name, String value) {
        json.append(json.length() == 1 ? "" : ",")
                .append(quoted(name))
                .append(':')
                .append(value);
    }

    /**
     * Headers for a new message, without what the queue tells in them of another's past.
     *
     * @throws IllegalArgumentException if it is not a JSON object
     */
    static Map<String, String> asWritten(String object) {
        List<HeaderFields.Field> fields = HeaderFields.of(object);
        if (fields == null) {
            throw new IllegalArgumentException("headers are not allowed: they are no JSON object");
        }
        Map<String, String> written = new LinkedHashMap<>();
        fields.stream()
                .filter(field -> !OF_THE_PAST.contains(field.name()))
                .forEach(field -> written.put(field.name(), field.json()));
        return written;
    }

    /** The message as it leaves its batch: it tells why, how often it failed, and who it is. */
    static StoredMessage failed(StoredMessage message, Failure failure) {
        Map<String, String> own = new LinkedHashMap<>();
        own.put(ID, failure.identity);
        own.put(ATTEMPT, Integer.toString(failure.failures));
        own.put(ERROR, line(failure.error));
        return message.withHeaders(with(object(message), own));
    }

    /** The message with that identity, unless it carries one already. */
    static StoredMessage identified(StoredMessage message, String identity) {
        return own(message.headers(), ID) == null
                ? message.withHeaders(with(object(message), Map.of(ID, identity)))
                : message;
    }

    /** What an exception says, if it can say anything at all. */
    static String describe(Throwable error) {
        try {
            return String.valueOf(error);
        } catch (RuntimeException | StackOverflowError cannotSay) {
            return error.getClass().getName();
        }
    }

    private static String line(String error) {
        String text = error.replaceAll("\\p{Cntrl}+", " ");
        return WellFormedText.repaired(text.length() > MAX_ERROR ? text.substring(0, MAX_ERROR) : text);
    }
}
