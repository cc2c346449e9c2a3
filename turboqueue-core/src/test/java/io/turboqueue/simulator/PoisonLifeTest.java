package io.turboqueue.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Messages that kill, by many seeds: they alone are set aside, and what comes again says so. */
class PoisonLifeTest {

    private static final int SEEDS = 300;
    private static final int SEEDS_FOR_A_FLAW = 300;

    @TempDir
    Path temp;

    private Optional<String> play(long seed, PoisonLife.Flaw flaw) throws IOException {
        try (PoisonLife life = new PoisonLife(temp.resolve("spool" + seed), seed, flaw)) {
            life.live();
            assertThat(life.claims()).as("claims of seed %d", seed).isGreaterThanOrEqualTo(4);
            return Optional.empty();
        } catch (Violation wrong) {
            return Optional.of(String.valueOf(wrong.getMessage()));
        }
    }

    @Test
    void onlyDeadlyMessagesAreSetAside() throws IOException {
        long first = System.nanoTime();
        for (long seed = first; seed < first + SEEDS; seed++) {
            assertThat(play(seed, PoisonLife.Flaw.NONE)).as("seed %d", seed).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void whatIsDoneWrongIsFound(PoisonLife.Flaw flaw) throws IOException {
        long first = System.nanoTime();
        Optional<String> found = Optional.empty();
        for (long seed = first; found.isEmpty() && seed < first + SEEDS_FOR_A_FLAW; seed++) {
            found = play(seed, flaw);
        }
        assertThat(found).as("%s in seeds from %d on", flaw, first).isPresent();
    }
}
