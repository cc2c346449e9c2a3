package io.turboqueue.examples.flights;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LiveViewTest {

    private static final String CLEAR = "\r\u001b[K";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long now;

    @Test
    void aTerminalGetsOneLineThatIsDrawnAnew() {
        LiveView view = view(200);
        view.show(new LiveView.Snapshot(1_000, 0, 0, 20_000, 1_000));
        seconds(2);
        view.show(new LiveView.Snapshot(15_000, 12_000, 10_000, 20_000, 3_000));
        view.end();

        assertThat(shown())
                .isEqualTo(CLEAR
                        + "published 1,000  claimed 0  acked 0 of 20,000  depth 1,000  0/s  time left unknown"
                        + CLEAR
                        + "published 15,000  claimed 12,000  acked 10,000 of 20,000  depth 3,000  5,000/s  2 s left"
                        + CLEAR);
    }

    @Test
    void theLineIsCutToTheTerminal() {
        view(20).show(new LiveView.Snapshot(1_000, 0, 0, 20_000, 1_000));

        assertThat(shown()).isEqualTo(CLEAR + "published 1,000  cl");
    }

    @Test
    void logLinesStayAboveIt() {
        LiveView view = view(20);
        view.show(new LiveView.Snapshot(1_000, 0, 0, 20_000, 1_000));
        view.log("[a] hello");

        assertThat(shown())
                .isEqualTo(CLEAR + "published 1,000  cl" + CLEAR + "[a] hello" + System.lineSeparator() + CLEAR
                        + "published 1,000  cl");
    }

    @Test
    void whatIsNoTerminalGetsAPlainLineEveryFewSeconds() {
        LiveView view = view(0);
        for (int tenths = 0; tenths < 65; tenths++) {
            now += TimeUnit.MILLISECONDS.toNanos(100);
            view.show(new LiveView.Snapshot(10, 10, 10, 10, 0));
        }
        view.end();

        assertThat(shown().lines()).hasSize(2).allMatch(line -> line.startsWith("published 10  claimed 10"));
    }

    @Test
    void theTimeLeftFollowsTheRateOfTheLastSeconds() {
        LiveView view = view(200);
        view.show(new LiveView.Snapshot(0, 0, 0, 100_000, 0));
        seconds(2);
        view.show(new LiveView.Snapshot(0, 0, 20_000, 100_000, 0));
        seconds(2);
        view.show(new LiveView.Snapshot(0, 0, 20_200, 100_000, 0));

        assertThat(shown()).endsWith("100/s  13 min 18 s left");
    }

    private LiveView view(int columns) {
        return new LiveView(new PrintStream(bytes, true, StandardCharsets.UTF_8), columns, () -> now);
    }

    private void seconds(int seconds) {
        now += TimeUnit.SECONDS.toNanos(seconds);
    }

    private String shown() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
