package io.turboqueue.cli.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON documents, one a line. Without Jackson's databind, which would take longer to start than most verbs to run.
 * Not thread-safe.
 */
public final class Json {

    /** Headers of other programs may be of any size and depth. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .build())
            .streamWriteConstraints(StreamWriteConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .build())
            .build();

    private final JsonGenerator generator;

    /**
     * JSON that is there already.
     *
     * @param text valid JSON
     */
    public record Written(String text) {}

    /** Onto a stream, to which everything goes at once; flushing and closing that is the caller's. */
    public Json(OutputStream out) throws IOException {
        generator = FACTORY.createGenerator(out)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM)
                .setRootValueSeparator(null)
                .setCharacterEscapes(JsonEscapes.SAFE);
    }

    /** A parser without limits on what fits in memory. */
    public static JsonParser parser(byte[] json) throws IOException {
        return FACTORY.createParser(json);
    }

    /** An object's fields: name, value, name, value; in that order. */
    public static Map<String, @Nullable Object> object(@Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return fields;
    }

    /** One document and the end of its line. */
    public void line(@Nullable Object value) throws IOException {
        write(value);
        end();
    }

    /** Starts the object with its one list. */
    public void startList(String name) throws IOException {
        generator.writeStartObject();
        generator.writeArrayFieldStart(name);
    }

    /** One element of that list. */
    public void element(@Nullable Object value) throws IOException {
        write(value);
        generator.flush();
    }

    /** Ends it. */
    public void endList() throws IOException {
        generator.writeEndArray();
        generator.writeEndObject();
        end();
    }

    private void end() throws IOException {
        generator.writeRaw('\n');
        generator.flush();
    }

    /** Text, numbers, booleans, null, maps and lists of these; times as ISO text, durations as seconds. */
    private void write(@Nullable Object value) throws IOException {
        if (value == null) {
            generator.writeNull();
        } else if (value instanceof Map<?, ?> map) {
            generator.writeStartObject();
            for (Map.Entry<?, ?> field : map.entrySet()) {
                generator.writeFieldName(String.valueOf(field.getKey()));
                write(field.getValue());
            }
            generator.writeEndObject();
        } else if (value instanceof Iterable<?> list) {
            generator.writeStartArray();
            for (Object element : list) {
                write(element);
            }
            generator.writeEndArray();
        } else if (value instanceof Written written) {
            copy(written);
        } else {
            writeScalar(value);
        }
    }

    /** Token by token, so that what could damage a terminal is escaped here too. */
    private void copy(Written written) throws IOException {
        try (JsonParser parser = FACTORY.createParser(written.text)) {
            parser.nextToken();
            generator.copyCurrentStructureExact(parser);
        }
    }

    private void writeScalar(Object value) throws IOException {
        if (value instanceof Boolean truth) {
            generator.writeBoolean(truth);
        } else if (value instanceof Integer || value instanceof Long) {
            generator.writeNumber(((Number) value).longValue());
        } else if (value instanceof Number number) {
            generator.writeNumber(number.doubleValue());
        } else {
            generator.writeString(plain(value));
        }
    }

    /** A value as programs read it. */
    static String plain(Object value) {
        if (value instanceof Duration duration) {
            return Double.toString(duration.toMillis() / 1000.0);
        }
        return value instanceof Instant time ? time.toString() : String.valueOf(value);
    }
}
