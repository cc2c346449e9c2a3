package io.turboqueue.cli.admin;

import io.turboqueue.cli.support.BatchSearch;
import io.turboqueue.cli.support.CommandException;
import io.turboqueue.cli.support.CountOption;
import io.turboqueue.cli.support.Exit;
import io.turboqueue.cli.support.TimeOption;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.QueueName;
import io.turboqueue.scan.BatchEntry;
import io.turboqueue.scan.SpoolScan;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which batches of a queue are meant. */
final class BatchSelection {

    @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue.")
    private String queue = "";

    @Parameters(
            index = "1..*",
            paramLabel = "BATCH",
            description = "These batches: ids, or the first or last characters of ids.")
    private List<String> batches = List.of();

    @Option(
            names = "--older-than",
            paramLabel = "TIME",
            converter = TimeOption.class,
            description = "Those that were due longer ago.")
    @Nullable
    private Duration olderThan;

    @Option(names = "--limit", converter = CountOption.class, paramLabel = "N", description = "Only the first so many.")
    private long limit = Long.MAX_VALUE;

    @Option(names = "--all", description = "All of them.")
    private boolean all;

    String queue() {
        return queue;
    }

    /** Whether the command line says which ones. */
    boolean isNarrowed() {
        return !batches.isEmpty() || olderThan != null || limit < Long.MAX_VALUE || all;
    }

    /** Whether batches were named one by one. */
    boolean isNamed() {
        return !batches.isEmpty();
    }

    /** So that nothing is done to a whole queue by mistake. */
    void requireNarrowed() throws CommandException {
        if (!isNarrowed()) {
            throw new CommandException(
                    Exit.USAGE, "say which batches: by their ids, with --older-than, with --limit, or --all of them");
        }
    }

    /** Those meant, in the order of claiming. */
    List<BatchEntry> find(SpoolScan scan, QueueName name, Set<BatchState> states, Instant now)
            throws IOException, CommandException {
        List<BatchEntry> all = new BatchSearch(scan, List.of(name), states).all();
        List<BatchEntry> found = new ArrayList<>(batches.isEmpty() ? all : List.of());
        for (String batch : batches) {
            found.add(BatchSearch.one(all, batch));
        }
        Duration age = olderThan;
        if (age != null) {
            found.removeIf(entry -> entry.name().due().isAfter(now.minus(age)));
        }
        return found.stream().distinct().limit(limit).toList();
    }
}
