package io.turboqueue.cli.inspect;

import io.turboqueue.batch.StoredMessage;
import io.turboqueue.cli.support.BatchSearch;
import io.turboqueue.cli.support.CountOption;
import io.turboqueue.cli.support.MessagePrinter;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.QueueName;
import io.turboqueue.scan.BatchEntry;
import io.turboqueue.scan.BatchReading;
import io.turboqueue.scan.SpoolScan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Messages across batches. */
@Command(
        name = "cat",
        header = "Prints messages across batches.",
        description =
                "Prints the messages of a queue's batches in the order in which they would be delivered, without claiming them. "
                        + "Batches that are claimed meanwhile may be missing.",
        footer = {
            "  turboqueue cat flights --include LAX --limit 20",
            "  turboqueue cat flights --state dead --ndjson",
            "  turboqueue cat flights --batch 0000002a"
        })
public final class Cat extends ReadingVerb {

    @Parameters(paramLabel = "QUEUE", description = "The queue.")
    private String name = "";

    @Option(names = "--batch", paramLabel = "BATCH", description = "Only this batch, in any state; may be repeated.")
    private List<String> batches = List.of();

    @Option(
            names = "--state",
            split = ",",
            paramLabel = "STATE",
            description = "These states instead of ready: delayed, claimed, held, dead.")
    private Set<BatchState> states = EnumSet.of(BatchState.READY);

    @Option(
            names = "--limit",
            converter = CountOption.class,
            paramLabel = "N",
            description = "Only the first so many messages.")
    private long limit = Long.MAX_VALUE;

    @Option(names = "--reverse", description = "The last message first.")
    private boolean reverse;

    @Override
    void read(BatchReading reading, MessagePrinter printer) throws Exception {
        for (BatchEntry entry : entries()) {
            if (printed() >= limit) {
                return;
            }
            List<StoredMessage> messages = messages(reading, entry);
            int size = messages.size();
            for (int i = 0; i < size && printed() < limit; i++) {
                int index = reverse ? size - 1 - i : i;
                StoredMessage message = messages.get(index);
                if (accepts(message)) {
                    print(printer, entry, index, message);
                }
            }
        }
    }

    private List<BatchEntry> entries() throws Exception {
        SpoolScan scan = scan();
        List<QueueName> queues = List.of(queue(name));
        List<BatchEntry> entries = new ArrayList<>();
        if (batches.isEmpty()) {
            entries.addAll(new BatchSearch(scan, queues, states).all());
        } else {
            List<BatchEntry> all = new BatchSearch(scan, queues, EnumSet.allOf(BatchState.class)).all();
            for (String batch : batches) {
                entries.add(BatchSearch.one(all, batch));
            }
            entries.sort(SpoolScan.IN_ORDER);
        }
        if (reverse) {
            Collections.reverse(entries);
        }
        return entries;
    }
}
