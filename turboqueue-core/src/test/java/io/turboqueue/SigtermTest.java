package io.turboqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that is asked to end gives back what it did not do, publishes what it has, and leaves no owner directory. */
@Timeout(180)
class SigtermTest {

    private static final int MESSAGES = 2000; // more than it can handle before it is asked to end

    @TempDir
    Path temp;

    @Test
    void aProcessThatIsToldToEndLeavesEverythingInOrder() throws Exception {
        Path folder = temp.resolve("spool");
        List<String> sent =
                IntStream.range(0, MESSAGES).mapToObj(i -> "message " + i).toList();
        try (Spool spool = Spool.open(folder)) {
            TestSpool.publish(spool.queue("in", Codecs.utf8()), sent.toArray(String[]::new));
        }
        try (ChildJvm child = ChildJvm.start(temp, StoppingProcess.class, folder.toString())) {
            assertThat(child.nextLine()).isEqualTo("message 0");
            assertThat(child.nextLine()).isEqualTo("message 1");
            child.terminate();
        }

        assertThat(SpoolFiles.leftovers(folder)).as("no owner directory").noneMatch(path -> path.startsWith("owners"));
        try (Spool spool = Spool.open(folder)) {
            List<String> done = TestSpool.drain(spool.queue("out", Codecs.utf8()));
            assertThat(done).as("published when it ended").hasSizeBetween(2, MESSAGES - 1);
            List<String> all = new ArrayList<>(done);
            try (QueueConsumer<String> consumer =
                    spool.queue("in", Codecs.utf8()).consumer()) {
                ClaimedBatch<String> rest = TestSpool.claim(consumer);
                assertThat(rest.attempt()).as("no attempt counted").isZero();
                all.addAll(TestSpool.payloads(rest));
                rest.ack();
            }
            assertThat(all).as("each once").isEqualTo(sent);
        }
    }
}
