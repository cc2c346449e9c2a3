package io.turboqueue.examples.flights;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.Durability;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class WorkloadTest {

    private final Workload workload = new Workload(Path.of("/spool"), 1_050, 2, 100, Durability.POWER);

    @Test
    void workersGetItAsArguments() {
        assertThat(Workload.parse(workload.arguments())).isEqualTo(workload);
    }

    @Test
    void chunksHoldEachMessageOnce() {
        assertThat(workload.chunks()).isEqualTo(11);
        assertThat(LongStream.range(0, workload.chunks())
                        .mapToObj(workload::chunk)
                        .flatMapToLong(range -> LongStream.range(range.first(), range.next())))
                .containsExactlyElementsOf(LongStream.range(0, 1_050).boxed().toList());
    }

    @Test
    void theChunkOfAMessageIsTheOneThatHoldsIt() {
        assertThat(LongStream.range(0, workload.messages()))
                .allMatch(sequence -> workload.chunk(workload.chunkOf(sequence)).contains(sequence));
    }
}
