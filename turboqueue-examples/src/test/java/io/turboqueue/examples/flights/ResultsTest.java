package io.turboqueue.examples.flights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turboqueue.Durability;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {

    private static final int CHUNK = 100;

    @TempDir
    Path folder;

    private Workload workload = new Workload(Path.of(""), 1_000, 1, CHUNK, Durability.PROCESS);
    private Airports airports;
    private Flights flights;
    private Results results;

    @BeforeEach
    void create() throws IOException, SQLException {
        airports = Airports.load();
        flights = Flights.load();
        workload = new Workload(folder, 1_000, 1, CHUNK, Durability.PROCESS);
        workload.folder().create();
        results = Results.create(workload, airports);
    }

    @AfterEach
    void close() {
        results.close();
    }

    @Test
    void totalsAreThoseOfAllBatches() throws SQLException {
        for (int chunk = 9; chunk >= 0; chunk--) {
            results.record(chunk(chunk));
        }

        assertThat(results.routes()).isEqualTo(reference(1_000));
        assertThat(results.summary()).isEqualTo(new Results.Summary(10, 1_000, 0));
    }

    @Test
    void aBatchThatIsDeliveredAgainIsCountedOnce() throws SQLException {
        results.record(batch("b0", 0, 100));
        results.record(batch("b0", 0, 100));

        assertThat(results.routes()).isEqualTo(reference(100));
        assertThat(results.summary()).isEqualTo(new Results.Summary(1, 100, 1));
    }

    @Test
    void aChunkThatIsSentAgainAsAnotherBatchIsCountedOnce() throws SQLException {
        results.record(batch("b0", 0, 100));
        results.record(batch("again", 0, 100));
        results.record(batch("again", 0, 100));

        assertThat(results.routes()).isEqualTo(reference(100));
        assertThat(results.summary()).isEqualTo(new Results.Summary(2, 100, 2));
    }

    @Test
    void aChunkThatCameInPiecesAndThenAsAWholeIsCountedOnce() throws SQLException {
        results.record(batch("piece-1", 0, 30));
        results.record(batch("piece-3", 80, 100));
        results.record(batch("whole", 0, 100));
        results.record(batch("piece-2", 30, 80));

        assertThat(results.routes()).isEqualTo(reference(100));
        assertThat(results.summary().messages()).isEqualTo(100);
    }

    @Test
    void severalProcessesWriteAtATime() throws Exception {
        int writers = 4;
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                done.add(threads.submit(() -> recordEverythingLikeAnotherProcess()));
            }
            for (Future<?> each : done) {
                each.get();
            }
        } finally {
            threads.shutdown();
        }

        assertThat(results.routes()).isEqualTo(reference(1_000));
        assertThat(results.summary()).isEqualTo(new Results.Summary(10, 1_000, 30));
    }

    @Test
    void aBatchThatCannotBeRecordedLeavesNothingBehind() throws SQLException {
        List<Flight> withGap = List.of(flights.at(1), flights.at(3));

        assertThatThrownBy(() -> results.record(FlightBatch.of("b0", withGap, airports)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("flight 3 where 2 was to follow");

        assertThat(results.summary()).isEqualTo(new Results.Summary(0, 0, 0));
        results.record(batch("b0", 0, 100));
        assertThat(results.summary()).isEqualTo(new Results.Summary(1, 100, 0));
    }

    private Object recordEverythingLikeAnotherProcess() throws SQLException {
        try (Results own = Results.open(workload, airports)) {
            for (int chunk = 0; chunk < 10; chunk++) {
                own.record(chunk(chunk));
            }
            return own;
        }
    }

    private FlightBatch chunk(long number) {
        SequenceRange range = workload.chunk(number);
        return batch("b" + number, range.first(), range.next());
    }

    private FlightBatch batch(String id, long first, long next) {
        return FlightBatch.of(
                id, LongStream.range(first, next).mapToObj(flights::at).toList(), airports);
    }

    private Map<Route, RouteTotals> reference(long messages) {
        return RouteTally.reference(flights, messages, airports).totals();
    }
}
