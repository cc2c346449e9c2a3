package io.turboqueue.batch.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turboqueue.batch.WaitingWithSqlite;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibraryTest {

    private static final byte[] LIBRARY = "not really one".getBytes(StandardCharsets.US_ASCII);
    private static final int KILLS = 4;

    @TempDir
    Path temp;

    @Test
    void itIsUnpackedOnceIntoAFolderOfItsUserAlone() throws Exception {
        Path file = NativeLibrary.unpacked(temp.resolve("cache"), LIBRARY, "1");
        Object made = Files.getAttribute(file, "unix:ino");

        assertThat(NativeLibrary.unpacked(temp.resolve("cache"), LIBRARY, "1")).isEqualTo(file);
        assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(made);
        assertThat(file).hasBinaryContent(LIBRARY);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
        assertThat(NativeLibrary.unpacked(temp.resolve("cache"), LIBRARY, "2")).isNotEqualTo(file);
    }

    @Test
    void oneThatWasChangedIsMadeAnewAndWhatKilledProcessesLeftIsRemoved() throws Exception {
        Path file = NativeLibrary.unpacked(temp, LIBRARY, "1");
        Files.writeString(file, "somebody's else");
        Files.writeString(file.resolveSibling("unpacking-1-1"), "half");

        assertThat(NativeLibrary.unpacked(temp, LIBRARY, "1")).hasBinaryContent(LIBRARY);
        assertThat(names(temp.resolve("turboqueue")))
                .containsExactly(file.getFileName().toString());
    }

    @Test
    void aLinkInItsPlaceIsReplacedAndNotFollowed() throws Exception {
        Path file = NativeLibrary.unpacked(temp, LIBRARY, "1");
        Path other = Files.write(temp.resolve("other"), LIBRARY);
        Files.delete(file);
        Files.createSymbolicLink(file, other);

        assertThat(Files.isSymbolicLink(NativeLibrary.unpacked(temp, LIBRARY, "1")))
                .isFalse();
    }

    @Test
    void aFolderThatOthersMayEnterIsNotUsed() throws Exception {
        Path folder = Files.createDirectory(temp.resolve("turboqueue"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThatThrownBy(() -> NativeLibrary.unpacked(temp, LIBRARY, "1"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not for its user alone");
    }

    @Test
    void aFolderThatIsALinkIsNotUsed() throws Exception {
        Path elsewhere = Files.createDirectory(temp.resolve("elsewhere"));
        Files.createSymbolicLink(temp.resolve("turboqueue"), elsewhere);

        assertThatThrownBy(() -> NativeLibrary.unpacked(temp, LIBRARY, "1")).isInstanceOf(IOException.class);
        assertThat(names(elsewhere)).isEmpty();
    }

    @Test
    void killedProcessesLeaveNothingInTheTemporaryFolder() throws Exception {
        Path temporary = Files.createDirectory(temp.resolve("tmp"));
        for (int i = 0; i < KILLS; i++) {
            killOneThatUsesSqlite(temporary);
        }

        assertThat(names(temporary)).noneMatch(name -> name.contains("sqlite"));
        assertThat(names(temp.resolve("cache/turboqueue")))
                .singleElement()
                .asString()
                .startsWith("sqlite-");
    }

    private void killOneThatUsesSqlite(Path temporary) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx48m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                WaitingWithSqlite.class.getName());
        builder.environment().put("XDG_CACHE_HOME", temp.resolve("cache").toString());
        builder.redirectError(temp.resolve("errors").toFile());
        Process child = builder.start();
        try (var lines = child.inputReader()) {
            assertThat(lines.readLine()).as(() -> errors()).isEqualTo("SQLite is loaded");
        } finally {
            child.destroyForcibly();
            assertThat(child.waitFor(1, TimeUnit.MINUTES)).isTrue();
        }
    }

    private String errors() {
        try {
            return Files.readString(temp.resolve("errors"));
        } catch (IOException none) {
            return "nothing on standard error";
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
