package io.turboqueue.batch.jdbc;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turboqueue.batch.BatchFormat;
import io.turboqueue.batch.DamagedBatchException;
import io.turboqueue.disk.DiskFile;
import io.turboqueue.disk.LocalDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreeDepthTest {

    private static final int PAGE = 512;
    private static final int INTERIOR_TABLE = 5;
    private static final int LEAF_TABLE = 13;

    @TempDir
    Path folder;

    @Test
    void aTreeOfAsManyLevelsAsSqliteAllowsPasses() throws IOException {
        assertThatCode(() -> check(line(TreeDepth.MAX_LEVELS - 1))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(ints = {TreeDepth.MAX_LEVELS, 50_000})
    void oneMoreIsRefused(int interiorPages) {
        assertThatThrownBy(() -> check(line(interiorPages)))
                .isInstanceOf(DamagedBatchException.class)
                .hasMessageContaining("more than the 20 levels");
    }

    @Test
    void aPageAboveItselfIsRefused() {
        ByteBuffer file = file(2);
        interior(file, 2, 2);

        assertThatThrownBy(() -> check(file)).isInstanceOf(DamagedBatchException.class);
    }

    @Test
    void aCircleThroughTheSchemasPageIsRefused() {
        ByteBuffer file = file(2);
        file.put(100, (byte) INTERIOR_TABLE).putInt(108, 2);
        interior(file, 2, 1);

        assertThatThrownBy(() -> check(file)).isInstanceOf(DamagedBatchException.class);
    }

    @Test
    void aCircleOfCellsIsRefused() {
        ByteBuffer file = file(3);
        file.put(PAGE, (byte) INTERIOR_TABLE).putShort(PAGE + 3, (short) 1).putShort(PAGE + 12, (short) 500);
        file.putInt(PAGE + 500, 3);
        interior(file, 3, 2);

        assertThatThrownBy(() -> check(file)).isInstanceOf(DamagedBatchException.class);
    }

    @Test
    void pointersOutOfPageAndFileAreNoMatterHere() {
        ByteBuffer file = file(2);
        interior(file, 2, Integer.MIN_VALUE);
        file.putShort(PAGE + 3, (short) -1).putShort(PAGE + 12, (short) -1);

        assertThatCode(() -> check(file)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 1 << 8, 12_000})
    void aPageSizeThatIsNoneIsLeftToSqlite(int pageSize) {
        ByteBuffer file = file(2);
        file.putShort(BatchFormat.PAGE_SIZE, (short) pageSize);

        assertThatCode(() -> check(file)).doesNotThrowAnyException();
    }

    @Test
    void aFileCutOffInAPagePasses() {
        ByteBuffer file = file(2);
        interior(file, 2, 1);
        ByteBuffer cut = file.limit(PAGE + 2);

        assertThatCode(() -> check(cut)).doesNotThrowAnyException();
    }

    /** Interior pages each above the next, a leaf under the last. */
    private static ByteBuffer line(int interiorPages) {
        ByteBuffer file = file(interiorPages + 2);
        for (int page = 2; page < interiorPages + 2; page++) {
            interior(file, page, page + 1);
        }
        file.put((interiorPages + 1) * PAGE, (byte) LEAF_TABLE);
        return file;
    }

    private static ByteBuffer file(int pages) {
        ByteBuffer file = ByteBuffer.allocate(pages * PAGE);
        file.putShort(BatchFormat.PAGE_SIZE, (short) PAGE).put(100, (byte) LEAF_TABLE);
        return file;
    }

    private static void interior(ByteBuffer file, int page, int lastChild) {
        int at = (page - 1) * PAGE;
        file.put(at, (byte) INTERIOR_TABLE).putInt(at + 8, lastChild);
    }

    private void check(ByteBuffer content) throws IOException {
        byte[] bytes = new byte[content.limit()];
        content.get(0, bytes);
        Path file = Files.write(folder.resolve("batch.db"), bytes);
        try (DiskFile open = new LocalDisk().open(file)) {
            TreeDepth.check(open);
        }
    }
}
