package io.turboqueue.examples.flights;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressReportTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long now;
    private final ProgressReport report =
            new ProgressReport(new PrintStream(bytes, true, StandardCharsets.UTF_8), () -> now);

    @Test
    void tellsTheFirstStepAtOnceAndThenTenTimesASecondAtMost() {
        report.add(Step.CLAIMED, 10);
        report.add(Step.ACKED, 10);
        report.add(Step.CLAIMED, 5);
        now += TimeUnit.MILLISECONDS.toNanos(99);
        report.add(Step.CLAIMED, 5);
        assertThat(told()).containsExactly("progress claimed 10");

        now += TimeUnit.MILLISECONDS.toNanos(1);
        report.add(Step.ACKED, 10);
        assertThat(told()).containsExactly("progress claimed 10", "progress claimed 10", "progress acked 20");
    }

    @Test
    void tellsThatItIsReadyAndTheFirstStepAtOnceAllTheSame() {
        report.ready(Step.PUBLISHED);
        report.add(Step.PUBLISHED, 7);

        assertThat(told()).containsExactly("progress published 0", "progress published 7");
    }

    @Test
    void tellsTheRestWhenAsked() {
        report.add(Step.PUBLISHED, 1);
        report.add(Step.PUBLISHED, 2);
        report.tell();
        report.tell();

        assertThat(told()).containsExactly("progress published 1", "progress published 2");
    }

    @Test
    void whatIsToldIsUnderstood() {
        ProgressLine line = new ProgressLine(Step.ACKED, 10_000);

        assertThat(ProgressLine.parse(line.format())).hasValue(line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "progress", "progress acked", "progress acked -1", "progress eaten 5", "x progress acked 5"})
    void anyOtherLineIsNoProgress(String line) {
        assertThat(ProgressLine.parse(line)).isEmpty();
    }

    private List<String> told() {
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
