package io.turboqueue.examples.flights;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProducerProgressTest {

    @TempDir
    Path folder;

    @Test
    void aNewProducerHasPublishedNothing() throws IOException {
        try (ProducerProgress progress = ProducerProgress.open(file())) {
            assertThat(progress.last()).isEmpty();
        }
    }

    @Test
    void aProducerThatIsStartedAgainKnowsTheLastChunk() throws IOException {
        try (ProducerProgress progress = ProducerProgress.open(file())) {
            progress.published(1);
            progress.published(3);
        }
        try (ProducerProgress progress = ProducerProgress.open(file())) {
            assertThat(progress.last()).hasValue(3);
            progress.published(5);
        }
        try (ProducerProgress progress = ProducerProgress.open(file())) {
            assertThat(progress.last()).hasValue(5);
        }
    }

    @Test
    void aLineThatWasCutOffDoesNotCount() throws IOException {
        Files.writeString(file(), "10\n12\n1");

        try (ProducerProgress progress = ProducerProgress.open(file())) {
            assertThat(progress.last()).hasValue(12);
            progress.published(14);
        }
        assertThat(file()).hasContent("10\n12\n14");
    }

    private Path file() {
        return folder.resolve("producer-0.progress");
    }
}
