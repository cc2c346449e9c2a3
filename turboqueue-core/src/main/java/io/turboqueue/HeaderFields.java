package io.turboqueue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON object, each as it was written: to parse and to write it again would change numbers, and lose fields
 * whose name occurs twice. Pure functions.
 */
final class HeaderFields {

    /** What is in a batch file fits in memory already, so nothing of it is too long, too many or too deep. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .build())
            .build();

    private HeaderFields() {}

    /**
     * A field.
     *
     * @param name its name
     * @param text the value of a text; null for any other value
     * @param json the value as it was written
     */
    record Field(String name, @Nullable String text, String json) {

        /** The text, or what was written for another value. */
        String value() {
            return text == null ? json : text;
        }
    }

    /** The fields in order; null if the text is not a JSON object. */
    static @Nullable List<Field> of(String json) {
        try (JsonParser parser = FACTORY.createParser(json.toCharArray())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            List<Field> fields = fields(json, parser);
            return parser.nextToken() == null ? fields : null;
        } catch (JsonProcessingException notJson) {
            return null;
        } catch (IOException impossible) {
            throw new IllegalStateException("a text in memory cannot fail", impossible);
        }
    }

    private static List<Field> fields(String json, JsonParser parser) throws IOException {
        List<Field> fields = new ArrayList<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            boolean isText = parser.nextToken() == JsonToken.VALUE_STRING;
            int start = (int) parser.currentTokenLocation().getCharOffset();
            String text = isText ? parser.getText() : null;
            parser.skipChildren();
            parser.finishToken();
            int end = (int) parser.currentLocation().getCharOffset();
            fields.add(new Field(name, text, json.substring(start, end).strip()));
        }
        return fields;
    }
}
