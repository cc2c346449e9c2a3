package io.turboqueue.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.turboqueue.text.Printable;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Reads a settings file into keys and texts. The file may come from anyone who can write the folder: small, strict, no types. */
public final class JsonSettings {

    private static final int MAX_BYTES = 64 * 1024;
    private static final int MAX_DEPTH = 8;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxStringLength(MAX_BYTES)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonSettings() {}

    /**
     * Reads a file of settings; nothing is found in one that is not there.
     *
     * @param found gets each key, in dotted form, with its text
     * @param faults gets a sentence for each thing wrong with the file
     * @throws IOException if it is there and cannot be read
     */
    public static void read(Path file, Map<String, String> found, List<String> faults) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MAX_BYTES) {
            faults.add(file + " must be a regular file of at most " + MAX_BYTES / 1024 + " KiB");
            return;
        }
        try {
            JsonNode root = MAPPER.readTree(Files.readAllBytes(file));
            if (!root.isObject()) {
                faults.add(file + " must hold one JSON object, such as {\"batch\": {\"maxMessages\": 5000}}");
                return;
            }
            flatten("", root, found, faults, file);
        } catch (JsonProcessingException bad) {
            faults.add(file + " is not valid JSON: " + Printable.of(bad.getOriginalMessage()) + at(bad));
        } catch (CharConversionException bad) {
            faults.add(file + " is not valid JSON: " + Printable.of(bad.getMessage()));
        }
    }

    private static String at(JsonProcessingException bad) {
        return bad.getLocation() == null
                ? ""
                : " (line " + bad.getLocation().getLineNr() + ", column "
                        + bad.getLocation().getColumnNr() + ")";
    }

    private static void flatten(
            String prefix, JsonNode object, Map<String, String> found, List<String> faults, Path file) {
        object.properties().forEach(property -> {
            String key = prefix + property.getKey();
            JsonNode value = property.getValue();
            if (value.isObject()) {
                flatten(key + ".", value, found, faults, file);
            } else if (!value.isValueNode() || value.isNull()) {
                faults.add(file + ": setting " + Printable.of(key) + " must be a text, a number, true or false, not "
                        + value.getNodeType());
            } else if (found.putIfAbsent(key, value.asText()) != null) {
                faults.add(file + ": setting " + Printable.of(key) + " is given twice");
            }
        });
    }
}
