package io.turboqueue.examples.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turboqueue.Durability;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineSettingsTest {

    private static final String ENOUGH = "{\"kafka\": {\"bootstrap\": \"a:9092, b:9092\"}, \"in\": {\"topic\": \"i\"},"
            + " \"out\": {\"topic\": \"o\"}, \"queue\": {\"spool\": \"/s\"}";

    @TempDir
    Path folder;

    @Test
    void aFileWithWhatMustBeGivenIsEnough() throws Exception {
        PipelineSettings settings = load(ENOUGH + "}", Map.of());

        assertThat(settings.bootstrap()).isEqualTo("a:9092, b:9092");
        assertThat(settings.durability()).isEqualTo(Durability.POWER);
        assertThat(settings.transactions()).isFalse();
        assertThat(settings.ledgerTopic()).isEqualTo("o.ledger");
        assertThat(settings.inInstance())
                .hasValueSatisfying(name -> assertThat(name).matches(".+-[0-9a-f]+"));
        assertThat(settings.transactionalId()).startsWith("pipeline-");
        assertThat(settings.inLinger()).isEqualTo(Duration.ofMillis(200));
    }

    @Test
    void twoPipelinesOfOneHostHaveIdsOfTheirOwnByDefault() throws Exception {
        PipelineSettings settings = load(ENOUGH + "}", Map.of());

        for (String key : List.of("in.topic", "in.group", "queue.spool", "queue.name")) {
            PipelineSettings other = load(ENOUGH + "}", Map.of(key, "other"));

            assertThat(other.transactionalId()).as(key).isNotEqualTo(settings.transactionalId());
        }
        assertThat(load(ENOUGH + "}", Map.of("queue.spool", "/other")).inInstance())
                .isNotEqualTo(settings.inInstance());
        assertThat(load(ENOUGH + "}", Map.of("in.instance", "off")).inInstance())
                .isEmpty();
        assertThat(load(ENOUGH + "}", Map.of("in.instance", "host-7")).inInstance())
                .hasValue("host-7");
    }

    @Test
    void aPipelineThatRunsAlreadyIsNotStartedASecondTime() throws Exception {
        PipelineSettings settings = load(ENOUGH + "}", Map.of("queue.spool", folder.toString()));
        try (PipelineLock first = PipelineLock.supervisor(settings)) {
            assertThatThrownBy(() -> PipelineLock.supervisor(settings))
                    .isInstanceOf(PipelineException.class)
                    .hasMessageContaining("pipeline \"pipeline\" in spool " + folder + " runs already");
            assertThat(first).isNotNull();
        }

        PipelineLock.supervisor(settings).close();
    }

    @Test
    void theCommandLineWinsOverTheFile() throws Exception {
        PipelineSettings settings =
                load(ENOUGH + ", \"work.cpu\": \"20us\"}", Map.of("work.cpu", "1ms", "in.topic", "x"));

        assertThat(settings.workCpu()).isEqualTo(Duration.ofMillis(1));
        assertThat(settings.inTopic()).isEqualTo("x");
    }

    @Test
    void processesReadWhatWasWritten() throws Exception {
        PipelineSettings settings =
                load(ENOUGH + ", \"work.cpu\": \"20us\", \"queue.batchBytes\": \"5MiB\"}", Map.of());
        Path copy = folder.resolve("copy/settings.json");
        settings.write(copy);

        PipelineSettings again = PipelineSettings.load(copy, Map.of());

        for (PipelineSetting setting : PipelineSetting.values()) {
            again.write(folder.resolve("again.json"));
            assertThat(folder.resolve("again.json")).as(setting.key()).hasSameTextualContentAs(copy);
        }
        assertThat(again.batchBytes()).isEqualTo(5 << 20);
    }

    @Test
    void everyFaultIsNamedWithKeyValuePlaceAndWhatIsAllowed() {
        Map<String, String> flags = new LinkedHashMap<>();
        flags.put("work.processes", "0");
        flags.put("out.topik", "x");

        assertThatThrownBy(() -> load(ENOUGH + ", \"queue.durability\": \"maybe\", \"in.linger\": 5}", flags))
                .isInstanceOf(PipelineException.class)
                .hasMessageContaining("setting queue.durability = \"maybe\" (")
                .hasMessageContaining("settings.json) must be one of process, power")
                .hasMessageContaining("setting in.linger = \"5\" (")
                .hasMessageContaining("must be a time from 1ms to 1m, such as \"500ms\" or \"2m\"")
                .hasMessageContaining(
                        "setting work.processes = \"0\" (command line) must be a whole number from 1 to 256")
                .hasMessageContaining(
                        "unknown setting out.topik = \"x\" (command line); did you mean out.topic? Known: ");
    }

    @Test
    void whatMustBeGivenIsAskedFor() {
        assertThatThrownBy(() -> PipelineSettings.load(null, Map.of()))
                .hasMessageContaining("setting kafka.bootstrap must be given: host:port, or several with commas")
                .hasMessageContaining("setting in.topic must be given")
                .hasMessageContaining("setting out.topic must be given")
                .hasMessageContaining("setting queue.spool must be given: a folder");
    }

    @Test
    void severalWritersWithTransactionsAreRefused() {
        assertThatThrownBy(() -> load(ENOUGH + "}", Map.of("out.transactions", "true", "out.processes", "2")))
                .hasMessageContaining("setting out.processes = 2 must be 1 with out.transactions");
    }

    @Test
    void aFileThatIsMissingOrNotJsonIsRefused() {
        assertThatThrownBy(() -> PipelineSettings.load(folder.resolve("none.json"), Map.of()))
                .hasMessageContaining("none.json is not there");
        assertThatThrownBy(() -> load("{", Map.of())).hasMessageContaining("is not valid JSON");
    }

    private PipelineSettings load(String json, Map<String, String> flags) throws Exception {
        Path file = folder.resolve("settings.json");
        Files.writeString(file, json);
        return PipelineSettings.load(file, flags);
    }
}
