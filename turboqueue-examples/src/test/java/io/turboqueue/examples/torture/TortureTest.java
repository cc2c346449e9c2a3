package io.turboqueue.examples.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/** Every mode, shortly, with the queue as it is and with wrong variants of it. */
@Timeout(300)
class TortureTest {

    private static final long SEED = System.nanoTime();

    @TempDir
    Path folder;

    /** Both engines between them in every mode that a process's own writing matters to. */
    @ParameterizedTest
    @CsvSource({
        "kill,pages,6",
        "kill,jdbc,3",
        "halt,pages,8",
        "halt,jdbc,4",
        "stop,pages,4",
        "full,pages,4",
        "power,pages,1",
        "faults,pages,40",
        "faults,jdbc,20",
        "fuzz,pages,100",
        "fuzz,jdbc,50",
        "folders,pages,40",
        "folders,jdbc,30",
        "soak,pages,1"
    })
    void nothingIsLostOrWrong(String name, String engine, int times) throws Exception {
        Nemesis mode = Torture.modes().stream()
                .map(found -> found instanceof SoakNemesis ? new SoakNemesis(2_000) : found)
                .filter(found -> found.name().equals(name))
                .findFirst()
                .orElseThrow();
        assumeThat(mode.obstacle()).as("what keeps mode %s from running", name).isEmpty();

        Verdict verdict = mode.run(new Nemesis.Stage(folder, Workload.of(engine), times, SEED, Program.USUAL));

        assertThat(verdict.violations())
                .as("mode %s, engine %s, seed %d", name, engine, SEED)
                .isEmpty();
        assertThat(verdict.tally().published()).isPositive();
        assertThat(verdict.tally().crashes()).isGreaterThanOrEqualTo(name.equals("soak") ? 0 : times);
    }

    @ParameterizedTest
    @EnumSource
    void theCheckerCatches(WrongVariant variant) throws Exception {
        assumeThat(variant.obstacle()).as("what keeps it from running").isEmpty();

        Verdict verdict = variant.runUntilCaught(folder, SEED);

        assertThat(variant.caught(verdict))
                .as("of %s with seed %d the judge said %s", variant.title(), SEED, verdict.violations())
                .isTrue();
    }

    @Test
    void theCommandPrintsItsFiguresAndLeavesNothing() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();

        int status = new CommandLine(new Torture(new PrintStream(printed, true, StandardCharsets.UTF_8)))
                .execute("--kill", "--crashes", "2", "--engine", "pages", "--json", "--folder", folder.toString());

        List<String> lines = printed.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(status).as("%s", lines).isZero();
        assertThat(lines.get(0)).startsWith("seed ");
        JsonNode json = new ObjectMapper().readTree(lines.get(lines.size() - 1));
        assertThat(json.fieldNames())
                .toIterable()
                .containsExactly(
                        "crashes",
                        "published",
                        "delivered",
                        "lost",
                        "wrong",
                        "duplicates",
                        "recoveries",
                        "robbed",
                        "controlsCaught");
        assertThat(json.get("crashes").asInt()).isGreaterThanOrEqualTo(2);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aLossAndWhateverIsLeftOnDiskIsTold() throws Exception {
        TestBed testBed = TestBed.in(Files.createDirectory(folder.resolve("run")));
        try (HistoryFile ledger = HistoryFile.open(testBed.ledgers().resolve("p" + HistoryFile.SUFFIX))) {
            ledger.write(Entry.INTENDED, "p-1", 3);
            ledger.write(Entry.PUBLISHED, "p-1", 3);
        }
        Files.createDirectories(testBed.spool().resolve("q/ready/x"));
        Files.createFile(testBed.temporary().resolve("forgotten"));
        Files.createFile(testBed.logs().resolve("hs_err_1.log"));

        assertThat(Nemesis.Stage.verdict(testBed, Rules.STRICT).violations())
                .hasSize(4)
                .anyMatch(found -> found.startsWith("lost: 3 of 3"))
                .anyMatch(found -> found.equals("left in the spool at rest: /q/ready/x"))
                .anyMatch(found -> found.equals("left in the temporary folder: forgotten"))
                .anyMatch(found -> found.startsWith("a JVM crashed: "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--engine oracle | --engine oracle: give pages or jdbc, or both with a comma between",
                "--batch 0       | --batch 0: give a whole number from 1 to 10,000",
                "--crashes 0     | --crashes 0: give a whole number from 1",
            })
    void aBadFlagIsRefusedWithOneSentence(String flags, String sentence) {
        ByteArrayOutputStream refused = new ByteArrayOutputStream();
        CommandLine command = new CommandLine(new Torture());
        command.setErr(new PrintWriter(refused, true, StandardCharsets.UTF_8));

        assertThat(command.execute(flags.split(" ", -1))).isEqualTo(2);
        assertThat(refused.toString(StandardCharsets.UTF_8)).startsWith(sentence);
    }
}
