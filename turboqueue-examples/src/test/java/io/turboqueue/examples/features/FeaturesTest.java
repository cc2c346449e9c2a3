package io.turboqueue.examples.features;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each feature's program runs and prints what it promises. */
class FeaturesTest {

    private static final Path SOURCES = Path.of("src/main/java/io/turboqueue/examples/features");
    private static final int MAX_LINES = 120;

    @TempDir
    Path folder;

    static Stream<Arguments> features() {
        return Stream.of(
                feature(
                        "SendAndReceive",
                        SendAndReceive::run,
                        "Order[number=1, item=bread]",
                        "Order[number=2, item=milk]"),
                feature("Workers", Workers::run, "running: true", "sum 500500"),
                feature(
                        "RetriesAndDeadLetters",
                        RetriesAndDeadLetters::run,
                        "sent: to alice",
                        "failed: to nobody",
                        "failed: to nobody",
                        "redriven: 1",
                        "sent: to nobody"),
                feature("DelaysAndPriorities", DelaysAndPriorities::run, "urgent", "usual", "in an instant"),
                feature(
                        "Checkpoints",
                        Checkpoints::run,
                        "converted film 1",
                        "converted film 2",
                        "then film 3",
                        "then film 4"),
                feature(
                        "OnceOnlyEffect",
                        OnceOnlyEffect::run,
                        "10 booked",
                        "20 booked",
                        "10 was booked before",
                        "20 was booked before",
                        "total 30"),
                feature("TransformQueue", TransformQueue::run, "HELLO", "WORLD"),
                feature("ForeignProducer", ForeignProducer::run, "21.5", "21.7"),
                feature(
                        "Administration",
                        Administration::run,
                        "redriven: 1",
                        "moved: 1",
                        "mails ready",
                        "mails.returned dead (no-such-address)"),
                feature("Inspection", Inspection::run, "ready: 3, delayed: 1", "next: sweep", "next: wash"),
                feature("SendAsync", SendAsync::run, "published 100"),
                feature("OrderPerKey", OrderPerKey::run, "running: true", "same order: true"),
                feature("OneMessageAtATime", OneMessageAtATime::run, "a", "b"));
    }

    private static Arguments feature(String name, Feature feature, String... lines) {
        return Arguments.of(name, feature, List.of(lines));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("features")
    void printsWhatItPromises(String name, Feature feature, List<String> lines) throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();

        feature.run(folder.resolve("spool"), new PrintStream(printed, true, UTF_8));

        assertThat(printed.toString(UTF_8).lines()).as(name).containsExactlyElementsOf(lines);
    }

    @Test
    void everyProgramIsRunAndShort() throws IOException {
        Set<String> run = features().map(feature -> (String) feature.get()[0]).collect(Collectors.toSet());
        try (Stream<Path> sources = Files.list(SOURCES)) {
            for (Path source : sources.toList()) {
                String text = Files.readString(source);
                String name = source.getFileName().toString().replace(".java", "");
                assertThat(text.lines().count()).as(name).isLessThanOrEqualTo(MAX_LINES);
                assertThat(run.contains(name)).as(name).isEqualTo(text.contains("void main("));
            }
        }
    }
}
