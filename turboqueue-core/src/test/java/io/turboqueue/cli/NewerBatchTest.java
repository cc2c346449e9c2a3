package io.turboqueue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.cli.CliRun.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A batch that a newer TurboQueue wrote: whole, but not to be read. */
class NewerBatchTest {

    private static final int LAST_BYTE_OF_VERSION = 63;

    @TempDir
    Path temp;

    private CliSpool spool;

    @BeforeEach
    void makeSpool() throws IOException {
        spool = new CliSpool(temp);
        Path file = spool.batch("flights", 1, "new").priority(0).ready();
        byte[] bytes = Files.readAllBytes(file);
        bytes[LAST_BYTE_OF_VERSION] = 99;
        CRC32 crc = new CRC32();
        crc.update(bytes);
        Files.write(file, bytes);
        String name =
                file.getFileName().toString().replaceAll("\\.c[0-9a-f]{8}", String.format(".c%08x", crc.getValue()));
        Files.move(file, file.resolveSibling(name));
        spool.batch("flights", 2, "old").ready();
    }

    static Stream<List<String>> readers() {
        return Stream.of(
                List.of("cat", "flights"),
                List.of("tail", "flights"),
                List.of("peek", "flights"),
                List.of("export", "flights"),
                List.of("sql", "flights", "select payload from message"));
    }

    @ParameterizedTest
    @MethodSource("readers")
    void itIsPassedOverWithANoteAndTheOthersAreRead(List<String> words) {
        Result result = CliRun.in(spool).run(words.toArray(String[]::new));

        assertThat(result.exit()).as(result.err()).isZero();
        assertThat(result.line()).contains("old");
        assertThat(result.err()).contains(CliSpool.id(1)).hasLineCount(1);
    }

    @Test
    void verifyTellsOfItAndCallsItNoDamage() {
        Result result = CliRun.in(spool).run("verify");

        assertThat(result.exit()).isZero();
        assertThat(result.out()).contains("\tnewer\t");
    }
}
