package io.turboqueue.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JsonSettingsTest {

    private static final int MAX_BYTES = 64 * 1024;

    @TempDir
    Path folder;

    private Path file = Path.of("unset");
    private final Map<String, String> found = new LinkedHashMap<>();
    private final List<String> faults = new ArrayList<>();

    @BeforeEach
    void nameFile() {
        file = folder.resolve("queue.json");
    }

    private void read(String json) throws IOException {
        Files.writeString(file, json);
        JsonSettings.read(file, found, faults);
    }

    @Test
    void keysMayBeNestedOrDottedAndValuesAreGivenAsText() throws IOException {
        read("""
                {
                  "batch": {"maxMessages": 5000, "linger": "1s"},
                  "delivery.maxAttempts": 3,
                  "backpressure": {"whenFull": "fail"},
                  "allow.othersWriting": true
                }
                """);

        assertThat(faults).isEmpty();
        assertThat(found)
                .containsExactly(
                        Map.entry("batch.maxMessages", "5000"),
                        Map.entry("batch.linger", "1s"),
                        Map.entry("delivery.maxAttempts", "3"),
                        Map.entry("backpressure.whenFull", "fail"),
                        Map.entry("allow.othersWriting", "true"));
    }

    @Test
    void noFileMeansNoSettings() throws IOException {
        JsonSettings.read(file, found, faults);

        assertThat(found).isEmpty();
        assertThat(faults).isEmpty();
    }

    @Test
    void anEmptyObjectMeansNoSettings() throws IOException {
        read(" {} \n");

        assertThat(found).isEmpty();
        assertThat(faults).isEmpty();
    }

    @ParameterizedTest(name = "<{0}>")
    @ValueSource(strings = {"", " ", "[]", "[{}]", "1", "\"text\"", "null", "true"})
    void whatIsNoObjectIsAFault(String json) throws IOException {
        read(json);

        assertThat(faults)
                .containsExactly(file + " must hold one JSON object, such as {\"batch\": {\"maxMessages\": 5000}}");
    }

    @ParameterizedTest(name = "<{0}>")
    @CsvSource(
            delimiter = '|',
            value = {
                "{                                        | line 1, column 2",
                "{\"batch.linger\": }                     | line 1, column 18",
                "{\"batch.linger\": 1s}                   | line 1, column 19",
                "{\"batch.linger\": \"1s\",}              | line 1, column 23",
                "{'batch.linger': \"1s\"}                 | line 1, column 2",
                "{batch: 1}                               | line 1, column 2",
                "{\"a\": NaN}                             | line 1, column 10",
                "{\"a\": Infinity}                        | line 1, column 15",
                "{\"a\": 01}                              | line 1, column 8",
                "{\"a\": +1}                              | line 1, column 8",
                "{} {}                                    | line 1, column 4",
                "{} x                                     | line 1, column 4",
                "{/* comment */}                          | line 1, column 2",
                "// comment                               | line 1, column 1",
                "{\"a\": 1, \"a\": 1}                     | line 1, column 13",
                "{\"b\": {\"a\": 1, \"a\": 2}}            | line 1, column 19"
            })
    void whatIsNoJsonIsAFaultWithItsPlace(String json, String place) throws IOException {
        read(json);

        assertThat(found).isEmpty();
        assertThat(faults).hasSize(1);
        assertThat(faults.get(0)).startsWith(file + " is not valid JSON: ").contains("(" + place);
    }

    @Test
    void aKeyGivenTwiceInOneObjectIsNamed() throws IOException {
        read("{\"batch.linger\": \"1s\",\n \"batch.linger\": \"2s\"}");

        assertThat(faults)
                .containsExactly(file + " is not valid JSON: Duplicate field 'batch.linger' (line 2, column 16)");
    }

    @Test
    void aKeyGivenOnceNestedAndOnceDottedIsAFault() throws IOException {
        read("{\"batch\": {\"linger\": \"1s\"}, \"batch.linger\": \"2s\"}");

        assertThat(faults).containsExactly(file + ": setting batch.linger is given twice");
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(
            delimiter = '|',
            value = {"null|NULL", "[]|ARRAY", "[\"1s\"]|ARRAY"})
    void aValueThatIsNoTextOrNumberIsAFault(String value, String type) throws IOException {
        read("{\"batch\": {\"linger\": " + value + "}}");

        assertThat(found).isEmpty();
        assertThat(faults)
                .containsExactly(file + ": setting batch.linger must be a text, a number, true or false, not " + type);
    }

    @Test
    void anObjectWithATypeNameIsOnlyAnUnknownSetting() throws IOException {
        read("{\"@class\": \"javax.script.ScriptEngineManager\"}");

        assertThat(found).containsExactly(Map.entry("@class", "javax.script.ScriptEngineManager"));
    }

    @Test
    void aFileOfSixtyFourKibibytesIsReadAndALargerOneIsNot() throws IOException {
        read("{\"a\": 1}" + " ".repeat(MAX_BYTES - 8));
        assertThat(faults).isEmpty();
        assertThat(found).containsExactly(Map.entry("a", "1"));

        found.clear();
        read("{\"a\": 1}" + " ".repeat(MAX_BYTES - 7));
        assertThat(found).isEmpty();
        assertThat(faults).containsExactly(file + " must be a regular file of at most 64 KiB");
    }

    @ParameterizedTest(name = "{0} deep")
    @ValueSource(ints = {9, 1000, 10_000})
    void aFileTooDeepIsAFaultAndNoStackOverflow(int depth) throws IOException {
        read("{\"a\":".repeat(depth) + "1" + "}".repeat(depth));

        assertThat(faults).hasSize(1);
        assertThat(faults.get(0))
                .startsWith(file + " is not valid JSON: Document nesting depth (9) exceeds the maximum allowed (8");
    }

    @Test
    void anArrayTooDeepIsAFaultToo() throws IOException {
        read("{\"a\":" + "[".repeat(20_000));

        assertThat(faults).hasSize(1);
        assertThat(faults.get(0)).startsWith(file + " is not valid JSON: Document nesting depth (9) exceeds");
    }

    @Test
    void anEndlessNumberIsAFault() throws IOException {
        read("{\"a\": " + "9".repeat(20_000) + "}");

        assertThat(faults).hasSize(1);
        assertThat(faults.get(0)).startsWith(file + " is not valid JSON: Number value length (");
        assertThat(faults.get(0).length()).isLessThan(file.toString().length() + 300);
    }

    @Test
    void bytesThatAreNotUtf8AreAFault() throws IOException {
        Files.write(file, new byte[] {'{', '"', 'a', (byte) 0xff, '"', ':', '1', '}'});
        JsonSettings.read(file, found, faults);

        assertThat(found).isEmpty();
        assertThat(faults).hasSize(1);
        assertThat(faults.get(0)).startsWith(file + " is not valid JSON: Invalid UTF-8");
    }

    @Test
    void bytesThatLookLikeUtf32AndAreNotAreAFaultOfTheFileToo() throws IOException {
        Files.write(file, new byte[] {0, 0, 0, '{', 0x7f, 0x7f, 0x7f, 0x7f, 0, 0, 0, '}'});
        JsonSettings.read(file, found, faults);

        assertThat(found).isEmpty();
        assertThat(faults).hasSize(1);
        assertThat(faults.get(0)).startsWith(file + " is not valid JSON: ");
    }

    @Test
    void aFolderIsNoSettingsFile() throws IOException {
        Files.createDirectory(file);
        JsonSettings.read(file, found, faults);

        assertThat(faults).containsExactly(file + " must be a regular file of at most 64 KiB");
    }

    @Test
    void aLinkIsNotFollowed() throws IOException {
        Path target = Files.writeString(folder.resolve("target"), "{\"batch.linger\": \"2s\"}", StandardCharsets.UTF_8);
        Files.createSymbolicLink(file, target);
        JsonSettings.read(file, found, faults);

        assertThat(found).isEmpty();
        assertThat(faults).containsExactly(file + " must be a regular file of at most 64 KiB");
    }

    @Test
    void aLinkToNothingIsNotTakenForNoFile() throws IOException {
        Files.createSymbolicLink(file, folder.resolve("nothing"));
        JsonSettings.read(file, found, faults);

        assertThat(faults).containsExactly(file + " must be a regular file of at most 64 KiB");
    }

    @Test
    void aPipeDoesNotBlock() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor())
                .isZero();
        JsonSettings.read(file, found, faults);

        assertThat(faults).containsExactly(file + " must be a regular file of at most 64 KiB");
    }

    @ParameterizedTest(name = "<{0}>")
    @ValueSource(
            strings = {
                "{\"a\\u001b[31m\": null}",
                "{\"a\\n2026-11-21 ERROR forged\": []}",
                "{\"a\\u001b\": 1, \"a\\u001b\": 1}",
                "{\"a\\u001b\": {\"b\": 1}, \"a\\u001b.b\": 2}"
            })
    void controlCharactersOfAKeyDoNotReachTheMessage(String json) throws IOException {
        read(json);

        assertThat(faults).hasSize(1);
        assertThat(faults.get(0)).doesNotContainPattern("\\p{Cntrl}");
    }

    @Test
    void anEndlessKeyIsCutShortInTheMessage() throws IOException {
        read("{\"" + "k".repeat(40_000) + "\": null}");

        assertThat(faults).hasSize(1);
        assertThat(faults.get(0).length()).isLessThan(file.toString().length() + 300);
    }
}
