package io.turboqueue.cli.inspect;

import io.turboqueue.batch.DamagedBatchException;
import io.turboqueue.batch.NewerFormatException;
import io.turboqueue.batch.StoredMessage;
import io.turboqueue.batch.UnsupportedBatchException;
import io.turboqueue.batch.jdbc.BatchFileInfo;
import io.turboqueue.batch.jdbc.JdbcEngine;
import io.turboqueue.cli.support.Exit;
import io.turboqueue.cli.support.Format;
import io.turboqueue.cli.support.Progress;
import io.turboqueue.cli.support.QueuesVerb;
import io.turboqueue.cli.text.Column;
import io.turboqueue.cli.text.Column.Style;
import io.turboqueue.cli.text.Json;
import io.turboqueue.cli.text.Table;
import io.turboqueue.cli.text.Units;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.QueueName;
import io.turboqueue.scan.BatchEntry;
import io.turboqueue.scan.BatchReading;
import io.turboqueue.scan.SpoolScan;
import io.turboqueue.text.Printable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A check of everything. */
@Command(
        name = "verify",
        header = "Checks batches for damage.",
        description =
                "Checks batches as a delivery would (name, size, CRC-32, header, schema, rows) and their structure as SQLite sees it. "
                        + "Names that are no batches' are told of too. Ends with 4 if something is damaged.",
        footer = {"  turboqueue verify", "  turboqueue verify flights --state ready,dead --json"})
public final class Verify extends QueuesVerb {

    private static final int THREADS = Runtime.getRuntime().availableProcessors();
    private static final long MEMORY_OF_A_THREAD = Runtime.getRuntime().maxMemory() / 2 / THREADS;
    private static final String NAME = "name";
    private static final String NEWER = "newer";
    private static final String LARGE = "large";

    @Option(
            names = "--state",
            split = ",",
            paramLabel = "STATE",
            description = "These states instead of ready, delayed and held: also dead.")
    private Set<BatchState> states = EnumSet.of(BatchState.READY, BatchState.DELAYED, BatchState.HELD);

    @Mixin
    private Format format = new Format();

    private final AtomicLong messages = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    /** Something that is not as it should be; a name that is not a batch's is no damage. */
    private record Problem(String queue, String state, String batch, String kind, String detail) {
        static Problem of(BatchEntry entry, String kind, String detail) {
            return new Problem(
                    entry.queue().text(), entry.state().word(), entry.name().id(), kind, Printable.of(detail));
        }

        boolean isDamage() {
            return !Set.of(NAME, NEWER, LARGE).contains(kind);
        }
    }

    @Override
    protected Exit run() throws Exception {
        SpoolScan scan = scan();
        List<QueueName> queues = queues();
        List<BatchEntry> entries = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        scan.visit(queues, states, new SpoolScan.Visitor() {
            @Override
            public void batch(BatchEntry entry) {
                entries.add(entry);
            }

            @Override
            public void foreign(QueueName queue, BatchState state, String name) {
                problems.add(new Problem(
                        queue.text(), state.word(), Printable.of(name), NAME, "is no batch's name, so it is ignored"));
            }
        });
        problems.addAll(duplicates(entries));
        problems.addAll(checkAll(entries));
        print(entries.size(), problems);
        return problems.stream().anyMatch(Problem::isDamage) ? Exit.DAMAGE : Exit.OK;
    }

    /** An id that occurs twice is a copy that somebody made: it would be delivered twice. */
    private static List<Problem> duplicates(List<BatchEntry> entries) {
        Map<String, BatchEntry> seen = new HashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (BatchEntry entry : entries) {
            BatchEntry other =
                    seen.putIfAbsent(entry.queue() + " " + entry.name().id(), entry);
            if (other != null && !other.path().equals(entry.path())) {
                problems.add(Problem.of(entry, "duplicate", "the same batch is also in " + other.path()));
            }
        }
        return problems;
    }

    private List<Problem> checkAll(List<BatchEntry> entries) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<Problem> problems = new ArrayList<>();
        try (JdbcEngine engine = new JdbcEngine(disk());
                Progress progress = Progress.start(context(), "verify", " batches", entries.size())) {
            List<Future<Optional<Problem>>> checks = new ArrayList<>();
            for (BatchEntry entry : entries) {
                checks.add(threads.submit(() -> {
                    Optional<Problem> problem = check(entry, engine);
                    progress.step();
                    return problem;
                }));
            }
            for (Future<Optional<Problem>> check : checks) {
                result(check).ifPresent(problems::add);
            }
        } finally {
            threads.shutdownNow();
        }
        return problems;
    }

    private static Optional<Problem> result(Future<Optional<Problem>> check) throws IOException, InterruptedException {
        try {
            return check.get();
        } catch (ExecutionException failed) {
            throw new IOException(String.valueOf(failed.getCause()), failed);
        }
    }

    private Optional<Problem> check(BatchEntry entry, JdbcEngine engine) throws IOException {
        try {
            Optional<List<StoredMessage>> rows = new BatchReading(disk(), engine, MEMORY_OF_A_THREAD).read(entry);
            if (rows.isEmpty()) {
                return Optional.empty(); // claimed or gone meanwhile
            }
            messages.addAndGet(rows.get().size());
            bytes.addAndGet(entry.name().bytes());
            return structure(entry, engine);
        } catch (DamagedBatchException bad) {
            return Optional.of(Problem.of(entry, bad.damage().reason(), String.valueOf(bad.getMessage())));
        } catch (UnsupportedBatchException left) {
            return Optional.of(Problem.of(
                    entry, left instanceof NewerFormatException ? NEWER : LARGE, String.valueOf(left.getMessage())));
        }
    }

    private Optional<Problem> structure(BatchEntry entry, JdbcEngine engine) throws IOException {
        try {
            BatchFileInfo facts = engine.facts(entry.path());
            boolean fine = facts.isWhole() || disk().look(entry.path()) == null; // may hold another batch by now
            return fine ? Optional.empty() : Optional.of(Problem.of(entry, "corrupt", facts.integrity()));
        } catch (IOException failed) {
            if (disk().look(entry.path()) == null) {
                return Optional.empty();
            }
            throw failed;
        }
    }

    private void print(int batches, List<Problem> problems) throws IOException {
        long damaged = problems.stream().filter(Problem::isDamage).count();
        Table<Problem> table = new Table<>(List.of(
                new Column<>("QUEUE", "queue", Style.TEXT, Problem::queue),
                new Column<>("STATE", "state", Style.TEXT, Problem::state),
                new Column<>("BATCH", "batch", Style.TEXT, Problem::batch),
                new Column<>("PROBLEM", "problem", Style.TEXT, Problem::kind),
                new Column<>("DETAIL", "detail", Style.TEXT, Problem::detail)));
        if (format.json()) {
            List<Map<String, @Nullable Object>> all =
                    problems.stream().map(table::json).toList();
            json().line(Json.object(
                    "batches", batches,
                    "messages", messages.get(),
                    "bytes", bytes.get(),
                    "damaged", damaged,
                    "problems", all));
            return;
        }
        if (!problems.isEmpty()) {
            print(table, "problems", problems, format);
        }
        if (format.text()) {
            String summary = Units.count(batches, "batch") + ", " + Units.count(messages.get(), "message") + ", "
                    + Units.bytes(bytes.get()) + ": " + (damaged == 0 ? "no damage" : damaged + " damaged");
            line(damaged == 0 ? paint().good(summary) : paint().bad(summary));
        }
    }
}
