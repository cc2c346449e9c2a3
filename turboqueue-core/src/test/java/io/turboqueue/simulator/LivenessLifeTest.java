package io.turboqueue.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who lives and who is dead, by many seeds; a seed that breaks a promise tells its history in words. */
class LivenessLifeTest {

    private static final int SEEDS = 100;
    private static final int LONG_RUN = Integer.getInteger("simulator.lives", 20_000);
    private static final int SEEDS_FOR_A_FLAW = 500;

    @Test
    void whoLivesIsNeverRobbedAndWhatOthersLeaveComesBack() {
        play(System.nanoTime(), SEEDS);
    }

    @Test
    @Tag("long")
    void whoLivesIsNeverRobbedInVeryManyLives() {
        play(Long.getLong("simulator.first", System.nanoTime()), LONG_RUN);
    }

    private static void play(long first, int seeds) {
        assertThat(firstBad(first, seeds, LivenessFlaw.NONE).map(seed -> LivenessLife.tell(seed, LivenessFlaw.NONE)))
                .as("seeds from %d on", first)
                .isEmpty();
    }

    @Test
    void aSeedAlwaysTellsTheSameStory() {
        long seed = System.nanoTime();

        String story = LivenessLife.tell(seed, LivenessFlaw.NONE);

        assertThat(withoutDirectories(LivenessLife.tell(seed, LivenessFlaw.NONE)))
                .as("seed %d", seed)
                .isEqualTo(withoutDirectories(story))
                .contains("process 1");
    }

    /** Their names have random parts that no seed makes. */
    private static String withoutDirectories(String story) {
        return story.replaceAll("owner directory [0-9a-z]{4}", "owner directory")
                .replaceAll("-[0-9a-z]{16}", "-DIRECTORY");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void whatIsDoneWrongIsFound(LivenessFlaw flaw) {
        long first = System.nanoTime();

        assertThat(firstBad(first, SEEDS_FOR_A_FLAW, flaw))
                .as("%s in seeds from %d on", flaw, first)
                .isPresent();
    }

    private static Optional<Long> firstBad(long first, int seeds, LivenessFlaw flaw) {
        return LongStream.range(first, first + seeds)
                .filter(seed -> LivenessLife.play(seed, flaw).isPresent())
                .boxed()
                .findFirst();
    }
}
