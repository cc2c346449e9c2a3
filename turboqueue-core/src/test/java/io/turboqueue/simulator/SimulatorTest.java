package io.turboqueue.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The protocol, played by many seeds; a seed that breaks a promise tells its history in words. */
class SimulatorTest {

    private static final long SEEDS = 20_000;
    private static final long LONG_RUN = Long.getLong("simulator.seeds", 5_000_000);
    private static final int SEEDS_FOR_A_FLAW = 20_000;

    @Test
    void noSeedBreaksAPromise() {
        long first = System.nanoTime();
        play(first, SEEDS);
    }

    /** In this one the clock is set back by five days in all, and a batch has to wait for all of them. */
    @Test
    void aClockThatIsSetBackAgainAndAgainLeavesNothingBehind() {
        assertThat(Simulation.play(14_533_621_155_511L, Flaw.NONE)).isEmpty();
    }

    @Test
    @Tag("long")
    void noSeedOfVeryManyBreaksAPromise() {
        play(Long.getLong("simulator.first", System.nanoTime()), LONG_RUN);
    }

    private static void play(long first, long seeds) {
        AtomicLong played = new AtomicLong();
        Optional<Long> bad = LongStream.range(first, first + seeds)
                .parallel()
                .filter(seed -> {
                    played.incrementAndGet();
                    return Simulation.play(seed, Flaw.NONE).isPresent();
                })
                .boxed()
                .findAny();

        assertThat(bad.map(seed -> Simulation.tell(seed, Flaw.NONE)))
                .as("seeds from %d on", first)
                .isEmpty();
        assertThat(played).hasValue(seeds);
    }

    @Test
    void aSeedAlwaysTellsTheSameStory() {
        long seed = System.nanoTime();

        String story = Simulation.tell(seed, Flaw.NONE);

        assertThat(withoutOwners(Simulation.tell(seed, Flaw.NONE)))
                .as("seed %d", seed)
                .isEqualTo(withoutOwners(story));
    }

    /** Owner directories have random names that no seed makes. */
    private static String withoutOwners(String story) {
        return story.replaceAll("owner directory [0-9a-z]{4}", "owner directory")
                .replaceAll("[0-9]+-[0-9a-z]{16}", "OWNER");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void whatIsDoneWrongIsFound(Flaw flaw) {
        long first = System.nanoTime();

        Optional<Long> found = LongStream.range(first, first + SEEDS_FOR_A_FLAW)
                .filter(seed -> Simulation.play(seed, flaw).isPresent())
                .boxed()
                .findFirst();

        assertThat(found).as("%s in seeds from %d on", flaw, first).isPresent();
    }
}
