package io.turboqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two processes at one queue. */
@Timeout(120)
class ProcessRaceTest {

    private static final int BATCHES = 10_000;

    @TempDir
    Path temp;

    @Test
    void eachOfTenThousandBatchesIsDeliveredToExactlyOneOfTwoProcesses() throws Exception {
        Path spool = temp.resolve("spool");
        publish(spool);
        Path first = temp.resolve("first");
        Path second = temp.resolve("second");
        try (ChildJvm one = ChildJvm.start(temp, RacingProcess.class, spool.toString(), "race", first.toString());
                ChildJvm other =
                        ChildJvm.start(temp, RacingProcess.class, spool.toString(), "race", second.toString())) {
            assertThat(one.nextLine()).isEqualTo("ready");
            assertThat(other.nextLine()).isEqualTo("ready");
            one.tell("go");
            other.tell("go");
            assertThat(one.nextLine()).startsWith("lost races: ");
            assertThat(other.nextLine()).startsWith("lost races: ");
            one.end();
            other.end();
        }
        List<String> delivered = new ArrayList<>(Files.readAllLines(first));
        delivered.addAll(Files.readAllLines(second));
        assertThat(Files.readAllLines(first)).as("delivered to the first").isNotEmpty();
        assertThat(Files.readAllLines(second)).as("delivered to the second").isNotEmpty();
        assertThat(delivered)
                .hasSize(BATCHES)
                .doesNotHaveDuplicates()
                .allMatch(line -> line.endsWith(" 0 1"), "attempt 0, one message");
        assertThat(SpoolFiles.leftovers(spool)).isEmpty();
    }

    /** One real batch, and hard links of it under the names of others. */
    private static void publish(Path folder) throws Exception {
        try (Spool spool = Spool.open(folder);
                QueueProducer<byte[]> producer = spool.queue("race").producer()) {
            producer.send(new byte[] {1, 2, 3});
            producer.flush();
        }
        Path ready = folder.resolve("race").resolve("ready");
        Path batch;
        try (Stream<Path> entries = Files.list(ready)) {
            batch = entries.findFirst().orElseThrow();
        }
        for (int i = 1; i < BATCHES; i++) {
            String name = batch.getFileName().toString().replace("-00000000.", String.format(Locale.ROOT, "-%08x.", i));
            Files.createLink(ready.resolve(name), batch);
        }
    }
}
