package io.turboqueue.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.batch.jdbc.JdbcEngine;
import io.turboqueue.disk.ChildJvm;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JdbcEngineTest extends BatchEngineContract {

    JdbcEngineTest() {
        super(JdbcEngine::new);
    }

    @Test
    void aFolderThatCannotTakeTheNativeLibraryIsNamedEveryTime(@TempDir Path temporary) throws Exception {
        String broken = temporary.resolve("missing").toString();
        String file = folder.resolve("a").toString();
        try (ChildJvm child = ChildJvm.start(temporary, EngineWithoutTemp.class, broken, file)) {
            for (int attempt = 1; attempt <= 2; attempt++) {
                assertThat(child.line())
                        .as("try %d", attempt)
                        .startsWith("java.io.IOException with 1 message kept: ")
                        .contains("org.sqlite.tmpdir");
            }
        }
        assertThat(folder).isEmptyDirectory();
    }
}
