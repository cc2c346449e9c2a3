package io.turboqueue.examples.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WrittenOffsetsTest {

    private static final SourcePartition PARTITION = new SourcePartition("flights", "an-id", 2);
    private static final int BROKERS_DEFAULT_LIMIT = 1_000_000;

    /** The compacted topic: the newest record of each name. */
    private final Map<String, String> topic = new HashMap<>();

    private WrittenOffsets written = new WrittenOffsets();

    @Test
    void whatComesInOrderIsOneShortRecord() throws Exception {
        for (long first = 0; first < 1_000_000; first += 10_000) {
            write(range(first, first + 9_999, 1));
        }

        assertThat(topic).containsExactly(Map.entry(WrittenOffsets.BASE, "0-999999"));
    }

    @Test
    void everyThirdEventMissingNeverMakesARecordThatABrokerRefuses() throws Exception {
        for (long first = 0; first < 300_000; first += 3_000) {
            write(range(first, first + 2_999, 3));
        }

        assertThat(topic.values()).allSatisfy(text -> assertThat(text).hasSizeLessThan(BROKERS_DEFAULT_LIMIT / 2));
        assertThat(readBack().text()).isEqualTo(written.ranges().text());
        assertThat(written.ranges().size()).isEqualTo(100_000);
    }

    @Test
    void recordsAreDeletedOnceTheBaseHasComeThatFar() throws Exception {
        write(range(0, 65_535, 3));
        write(range(1, 65_535, 3));
        assertThat(topic).hasSizeGreaterThan(1);

        write(range(2, 65_535, 3));

        assertThat(topic).containsExactly(Map.entry(WrittenOffsets.BASE, "0-65535"));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whateverIsWrittenInWhateverOrderIsReadBack(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        for (int batch = 0; batch < 60; batch++) {
            long first = random.nextLong(200_000);
            write(range(first, first + 1 + random.nextInt(5_000), 1 + random.nextInt(3)));
            if (random.nextInt(10) == 0) {
                written = reader(); // the writer was started again
            }
            assertThat(readBack().text())
                    .as("seed %d", seed)
                    .isEqualTo(written.ranges().text());
        }
    }

    static LongStream seeds() {
        long first = System.nanoTime();
        return LongStream.range(first, first + 10);
    }

    private void write(List<SourceOffset> more) throws PipelineException {
        written = written.with(more);
        written.records(more).forEach((name, text) -> {
            if (text == null) {
                topic.remove(name);
            } else {
                topic.put(name, text);
            }
        });
    }

    private static List<SourceOffset> range(long first, long last, int step) {
        List<SourceOffset> offsets = new ArrayList<>();
        for (long offset = first; offset <= last; offset += step) {
            offsets.add(new SourceOffset(PARTITION, offset, offset));
        }
        return offsets;
    }

    private OffsetRanges readBack() {
        return reader().ranges();
    }

    private WrittenOffsets reader() {
        WrittenOffsets reader = new WrittenOffsets();
        topic.forEach(reader::read);
        return reader;
    }
}
