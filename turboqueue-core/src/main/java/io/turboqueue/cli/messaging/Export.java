package io.turboqueue.cli.messaging;

import io.turboqueue.batch.BatchEngine;
import io.turboqueue.batch.DamagedBatchException;
import io.turboqueue.batch.StoredMessage;
import io.turboqueue.batch.UnsupportedBatchException;
import io.turboqueue.cli.support.BatchSearch;
import io.turboqueue.cli.support.Exit;
import io.turboqueue.cli.support.MessagePrinter;
import io.turboqueue.cli.support.QueueVerb;
import io.turboqueue.cli.text.Json;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.scan.BatchEntry;
import io.turboqueue.scan.BatchReading;
import java.io.IOException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Messages to JSON lines. */
@Command(
        name = "export",
        header = "Prints messages as JSON lines.",
        description =
                "Prints a queue's messages as JSON objects, one a line, without claiming them: a backup, or a copy for 'import'. "
                        + "For a full copy pause the queue first; what is claimed meanwhile may be missing.",
        footer = {"  turboqueue export flights > flights.ndjson", "  turboqueue export flights --state dead"})
public final class Export extends QueueVerb {

    @Option(
            names = "--state",
            split = ",",
            paramLabel = "STATE",
            description = "These states instead of ready, delayed and held: also claimed, dead.")
    private Set<BatchState> states = EnumSet.of(BatchState.READY, BatchState.DELAYED, BatchState.HELD);

    private boolean damaged;
    private long printed;

    @Override
    protected Exit run() throws Exception {
        Json json = json();
        try (BatchEngine engine = engine()) {
            BatchReading reading = new BatchReading(disk(), engine);
            for (BatchEntry entry : new BatchSearch(scan(), List.of(queue()), states).all()) {
                export(entry, reading, json);
            }
        }
        if (damaged) {
            return Exit.DAMAGE;
        }
        return printed == 0 ? Exit.NOTHING : Exit.OK;
    }

    private void export(BatchEntry entry, BatchReading reading, Json json) throws IOException {
        List<StoredMessage> messages;
        try {
            messages = reading.read(entry).orElse(List.of());
        } catch (DamagedBatchException bad) {
            note("batch " + entry.name().id() + " is damaged and left out ("
                    + bad.damage().reason() + "): " + bad.getMessage());
            damaged = true;
            return;
        } catch (UnsupportedBatchException left) {
            note("batch " + entry.name().id() + " is left out: " + left.getMessage());
            return;
        }
        for (int i = (int) entry.name().offset(); i < messages.size(); i++) {
            json.line(fields(entry, i + 1L, messages.get(i)));
            printed++;
        }
    }

    private static Map<String, @Nullable Object> fields(BatchEntry entry, long id, StoredMessage message) {
        Map<String, @Nullable Object> extras = new LinkedHashMap<>();
        extras.put("state", entry.state().word());
        extras.put("attempt", entry.name().attempt());
        extras.putAll(MessagePrinter.extras(message));
        return MessagePrinter.fields(
                entry.queue().text(),
                entry.name().id(),
                id,
                Instant.ofEpochMilli(message.timeMillis()),
                extras,
                message.payload());
    }
}
