package io.turboqueue.cli.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.cli.text.Column.Style;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTest {

    private static final Times UTC = new Times(ZoneOffset.UTC);

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1.0 KiB",
        "1536, 1.5 KiB",
        "1048524, 1023.9 KiB",
        "1048575, 1.0 MiB",
        "8388608, 8.0 MiB",
        "9223372036854775807, 8192.0 PiB"
    })
    void sizesHaveTheLargestUnitThatFits(long bytes, String text) {
        assertThat(Units.bytes(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.0s",
        "1500, 1.5s",
        "9999, 10.0s",
        "10000, 10s",
        "59999, 59s",
        "60000, 1m",
        "61000, 1m 1s",
        "3600000, 1h",
        "3660000, 1h 1m",
        "86400000, 1d",
        "90000000, 1d 1h",
        "-300000, in 5m"
    })
    void agesHaveTwoUnitsAtMost(long millis, String text) {
        assertThat(Units.age(Duration.ofMillis(millis))).isEqualTo(text);
    }

    @Test
    void countsAndRatesAreGrouped() {
        assertThat(Units.count(1_234_567)).isEqualTo("1,234,567");
        assertThat(Units.rate(0)).isEqualTo("0.0/s");
        assertThat(Units.rate(9.94)).isEqualTo("9.9/s");
        assertThat(Units.rate(12_345.6)).isEqualTo("12,346/s");
    }

    @Test
    void onlyWhatATerminalMerelyShowsIsHarmless() {
        assertThat(TerminalText.screen("a\u001b[31m\u0007\n\tb\u202e\u009b\u007fé漢😀"))
                .isEqualTo("a?[31m?\n\tb???é漢😀");
        assertThat(TerminalText.line("a\nb\tc", 80)).isEqualTo("a b c");
        assertThat(TerminalText.line("abcdefgh", 6)).isEqualTo("abc...");
        assertThat(TerminalText.line("abcdef", 6)).isEqualTo("abcdef");
    }

    @Test
    void aCutLeavesNoHalfCharacter() {
        assertThat(TerminalText.line("ab😀defgh", 6)).doesNotContainPattern("[\\ud800-\\udfff](?![\\udc00-\\udfff])");
    }

    @Test
    void payloadsThatAreNoTextAreToldByTheirSize() {
        assertThat(TerminalText.payload("grün".getBytes(UTF_8), 80)).isEqualTo("grün");
        assertThat(TerminalText.payload(new byte[] {'a', (byte) 0xff}, 80)).isEqualTo("(2 bytes)");
        assertThat(TerminalText.isUtf8(new byte[0])).isTrue();
        assertThat(TerminalText.isUtf8(new byte[] {(byte) 0xc3})).isFalse();
    }

    @Test
    void csvQuotesWhatItMust() {
        assertThat(Csv.line(list("a", 1L, null, "b,c", "say \"hi\"", "x\ny")))
                .isEqualTo("a,1,,\"b,c\",\"say \"\"hi\"\"\",\"x\ny\"");
        assertThat(Csv.tabs(list("a\tb\r\nc", null, 2L))).isEqualTo("a b  c\t\t2");
    }

    private static List<@Nullable Object> list(@Nullable Object... values) {
        return Arrays.asList(values);
    }

    private static String json(@Nullable Object value) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new Json(out).line(value);
        return out.toString(UTF_8);
    }

    @Test
    void jsonKeepsTheOrderOfFieldsAndTheKindsOfValues() throws IOException {
        Object value = Json.object(
                "z",
                1,
                "a",
                null,
                "d",
                1.5,
                "b",
                true,
                "t",
                Instant.EPOCH,
                "s",
                Duration.ofMillis(1500),
                "l",
                List.of("x"));

        assertThat(json(value))
                .isEqualTo(
                        "{\"z\":1,\"a\":null,\"d\":1.5,\"b\":true,\"t\":\"1970-01-01T00:00:00Z\",\"s\":\"1.5\",\"l\":[\"x\"]}\n");
    }

    @Test
    void jsonEscapesWhatMayCommandATerminalAndNothingElse() throws IOException {
        assertThat(json("\u001b\u009b\u202e\u007f\u2028é漢\"\n"))
                .isEqualToIgnoringCase("\"\\u001b\\u009b\\u202e\\u007f\\u2028é漢\\\"\\n\"\n");
    }

    @Test
    void aListIsOneDocument() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Json json = new Json(out);
        json.startList("rows");
        json.element(1);
        json.element(Json.object("a", 2L));
        json.endList();

        assertThat(out.toString(UTF_8)).isEqualTo("{\"rows\":[1,{\"a\":2}]}\n");
    }

    private record Row(@Nullable String text, @Nullable Object value) {}

    private static Table<Row> table(Style style) {
        return new Table<>(List.of(
                new Column<>("NAME", "name", Style.TEXT, Row::text),
                new Column<>("VALUE", "value", style, Row::value)));
    }

    @Test
    void textIsLeftNumbersAreRightAndLinesHaveNoTrailingSpace() {
        List<Row> rows = List.of(new Row("a", 1L), new Row("long name", 12_345L), new Row(null, null));

        assertThat(table(Style.COUNT).human(rows, UTC, new Colors(false), 100))
                .containsExactly("NAME        VALUE", "a               1", "long name  12,345", "-               -");
        assertThat(new Table<Row>(List.of(
                                new Column<>("N", "n", Style.NUMBER, Row::value),
                                new Column<>("TEXT", "t", Style.TEXT, Row::text)))
                        .human(rows, UTC, new Colors(false), 100))
                .containsExactly("    N  TEXT", "    1  a", "12345  long name", "    -  -");
    }

    @Test
    void aRowThatIsTooLongForTheScreenGoesOnInTheNextLineAndNoValueIsCut() {
        Table<List<String>> table = new Table<>(List.of(
                new Column<>("A", "a", Style.TEXT, row -> row.get(0)),
                new Column<>("B", "b", Style.TEXT, row -> row.get(1)),
                new Column<>("C", "c", Style.TEXT, row -> row.get(2))));
        List<List<String>> rows = List.of(List.of("aaaa", "bbbbbbbbbb", "c1 c2"), List.of("a", "b", "c"));

        assertThat(table.human(rows, UTC, new Colors(false), 25))
                .containsExactly("A     B           C", "aaaa  bbbbbbbbbb  c1 c2", "a     b           c");
        assertThat(table.human(rows, UTC, new Colors(false), 18))
                .containsExactly("A     B", "    C", "aaaa  bbbbbbbbbb", "    c1 c2", "a     b", "    c");
        assertThat(table.human(rows, UTC, new Colors(false), 12))
                .containsExactly("A", "    B", "    C", "aaaa", "    bbbbbbbbbb", "    c1 c2", "a", "    b", "    c");
    }

    @Test
    void theLastColumnIsBrokenBetweenItsWords() {
        List<Row> rows = List.of(new Row("a", "one two three four five six seven eight"));

        assertThat(table(Style.TEXT).human(rows, UTC, new Colors(false), 30))
                .containsExactly("NAME  VALUE", "a     one two three four five", "      six seven eight");
    }

    @Test
    void onlyTheHeadingIsPainted() {
        assertThat(table(Style.TEXT).human(List.of(new Row("a", "b")), UTC, new Colors(true), 100))
                .containsExactly("\u001b[1mNAME  VALUE\u001b[0m", "a     b");
    }

    @Test
    void eachStyleHasAFormForPeopleForPipesAndForJson() {
        assertForms(Style.BYTES, 2048L, "2.0 KiB", "2048", 2048L);
        assertForms(Style.AGE, Duration.ofSeconds(90), "1m 30s", "90.0", 90.0);
        assertForms(Style.TIME, Instant.EPOCH, "1970-01-01 00:00:00", "1970-01-01T00:00:00Z", Instant.EPOCH);
        assertForms(Style.TEXT, "a", "a", "a", "a");
    }

    private static void assertForms(Style style, Object value, String human, String plain, Object json) {
        Column<Row> column = new Column<>("V", "v", style, Row::value);
        Row row = new Row("", value);
        assertThat(column.human(row, UTC)).isEqualTo(human);
        assertThat(column.plain(row)).isEqualTo(plain);
        assertThat(column.json(row)).isEqualTo(json);
    }

    @Test
    void aPipesLineStaysOneLineOfItsColumns() {
        assertThat(table(Style.TEXT).plain(new Row("a\tb\r\nc", null))).isEqualTo("a b  c\t");
    }
}
