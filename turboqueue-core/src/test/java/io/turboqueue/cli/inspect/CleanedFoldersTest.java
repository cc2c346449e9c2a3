package io.turboqueue.cli.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CleanedFoldersTest {

    @TempDir
    Path configuration;

    private CleanedFolders folders() {
        return new CleanedFolders(List.of(configuration, configuration.resolve("missing")));
    }

    @Test
    void temporaryFoldersAreCleanedEverywhere() throws IOException {
        assertThat(folders().around(Path.of("/tmp/spool"))).contains(Path.of("/tmp"));
        assertThat(folders().around(Path.of("/var/tmp/a/spool"))).contains(Path.of("/var/tmp"));
        assertThat(folders().around(Path.of("/tmpx/spool"))).isEmpty();
        assertThat(folders().around(Path.of("/var/spool/turboqueue"))).isEmpty();
    }

    @Test
    void soAreThoseThatAreNamedWithAnAge() throws IOException {
        Files.writeString(configuration.resolve("a.conf"), """
                # d /commented 1777 root root 10d

                q /scratch 1777 root root 10d
                d /kept 0755 root root -
                f /file 0644 - - 1d
                e!  /aged  -  -  -  5d
                d /short
                """);

        assertThat(folders().around(Path.of("/scratch/spool"))).contains(Path.of("/scratch"));
        assertThat(folders().around(Path.of("/aged/spool"))).contains(Path.of("/aged"));
        assertThat(folders().around(Path.of("/kept/spool"))).isEmpty();
        assertThat(folders().around(Path.of("/file/spool"))).isEmpty();
        assertThat(folders().around(Path.of("/commented/spool"))).isEmpty();
        assertThat(folders().around(Path.of("/short/spool"))).isEmpty();
    }
}
