package io.turboqueue.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.turboqueue.batch.jdbc.BatchFileInfo;
import io.turboqueue.batch.jdbc.BatchSql;
import io.turboqueue.batch.jdbc.JdbcEngine;
import io.turboqueue.disk.LocalDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Facts, salvage and queries: what only the command needs. */
class JdbcEngineRepairTest extends EngineTestCase {

    JdbcEngineRepairTest() {
        super(JdbcEngine::new);
    }

    private Sealed many() throws IOException {
        List<StoredMessage> messages = new ArrayList<>();
        for (int i = 1; i <= 200; i++) {
            messages.add(text(i + " " + "x".repeat(200)));
        }
        return write("many.db", messages);
    }

    private List<Integer> salvaged(Sealed batch) throws IOException {
        return ((JdbcEngine) engine())
                .salvage(batch.file(), 200, Set.of()).values().stream()
                        .map(message -> new String(message.payload(), UTF_8).split(" ", 2)[0])
                        .map(Integer::valueOf)
                        .toList();
    }

    @Test
    void factsTellOfHeaderSchemaAndStructure() throws IOException {
        Sealed batch = many();

        BatchFileInfo facts = ((JdbcEngine) engine()).facts(batch.file());

        assertThat(facts.isWhole()).isTrue();
        assertThat(facts.fileBytes()).isEqualTo(Files.size(batch.file()));
        assertThat(facts.header().isOurs()).isTrue();
        assertThat(facts.header().pageSize() * facts.header().pages()).isEqualTo(facts.fileBytes());
        assertThat(facts.schema()).startsWith("CREATE TABLE message(");
    }

    @Test
    void aWholeFileIsSalvagedWhole() throws IOException {
        assertThat(salvaged(many())).hasSize(200);
    }

    @Test
    void theRowsBeforeACutAreSalvagedInOrder() throws IOException {
        Sealed batch = many();
        byte[] bytes = Files.readAllBytes(batch.file());
        Files.write(batch.file(), Arrays.copyOf(bytes, bytes.length / 8192 * 4096));

        assertThat(salvaged(batch)).startsWith(1, 2, 3).hasSizeBetween(50, 150).isSorted();
    }

    @Test
    void theRowsAroundABrokenPageAreSalvaged() throws IOException {
        Sealed batch = many();
        byte[] bytes = Files.readAllBytes(batch.file());
        Arrays.fill(bytes, 5 * 4096, 6 * 4096, (byte) 0xff);
        Files.write(batch.file(), bytes);

        assertThat(salvaged(batch)).startsWith(1).endsWith(200).hasSizeBetween(150, 199);
    }

    @Test
    void theEngineWorksOnAfterASalvageThatFailed() throws IOException {
        Sealed whole = many();
        Sealed broken = write("broken.db", List.of(text("a")));
        Files.write(broken.file(), Arrays.copyOf(Files.readAllBytes(broken.file()), 100));

        assertThatExceptionOfType(DamagedBatchException.class).isThrownBy(() -> salvaged(broken));
        assertThat(engine().read(whole.file(), whole.seal())).hasSize(200);
    }

    private static final class Rows implements BatchSql.Visitor {
        private final List<String> lines = new ArrayList<>();

        @Override
        public void columns(List<String> names) {
            lines.add(String.join("|", names));
        }

        @Override
        public void row(List<@Nullable Object> values) {
            lines.add(values.toString());
        }
    }

    @Test
    void aQuerySeesAllBatchesAddedWithoutWhatIsDone() throws IOException {
        Sealed one = write("one.db", List.of(message(1, "k", null, "a"), message(2, null, "{}", "b")));
        Sealed two = write("two.db", List.of(text("c")));
        Rows rows = new Rows();

        try (BatchSql sql = new BatchSql(new LocalDisk())) {
            sql.add(one.file(), one.seal(), "one", 1);
            sql.add(two.file(), two.seal(), "two", 0);
            sql.query("select batch, id, time, key, headers, payload from message order by batch;", rows);
        }

        assertThat(rows.lines)
                .containsExactly(
                        "batch|id|time|key|headers|payload", "[one, 2, 2, null, {}, b]", "[two, 1, 0, null, null, c]");
    }

    @Test
    void oneDamagedBatchAddsNothingAndTheOthersStay() throws IOException {
        Sealed good = write("good.db", List.of(text("a")));
        Sealed bad = write("bad.db", List.of(text("b")));
        byte[] bytes = Files.readAllBytes(bad.file());
        bytes[bytes.length - 1] ^= 1;
        Files.write(bad.file(), bytes);
        Rows rows = new Rows();

        try (BatchSql sql = new BatchSql(new LocalDisk())) {
            sql.add(good.file(), good.seal(), "good", 0);
            assertThatExceptionOfType(DamagedBatchException.class)
                    .isThrownBy(() -> sql.add(bad.file(), bad.seal(), "bad", 0));
            sql.query("select count(*) as n from message", rows);
        }

        assertThat(rows.lines).containsExactly("n", "[1]");
    }

    @Test
    void onlyOneStatementThatReadsIsRun() throws IOException {
        try (BatchSql sql = new BatchSql(new LocalDisk())) {
            for (String refused : List.of(
                    "delete from message",
                    "pragma writable_schema=on",
                    "with a as (select 1) insert into message(id) select 1",
                    "select 1; select 2",
                    "select nothing",
                    "")) {
                assertThatIllegalArgumentException().as(refused).isThrownBy(() -> sql.query(refused, new Rows()));
            }
            for (String allowed : List.of(
                    "select ';' -- ; not the end\n ; ",
                    "values (1)",
                    "select 1 /* ; */ as \"a;b\"",
                    "EXPLAIN select 1")) {
                Rows rows = new Rows();
                sql.query(allowed, rows);
                assertThat(rows.lines).as(allowed).hasSizeGreaterThan(1);
            }
        }
    }
}
