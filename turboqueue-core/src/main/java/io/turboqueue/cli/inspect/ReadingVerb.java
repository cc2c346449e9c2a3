package io.turboqueue.cli.inspect;

import io.turboqueue.batch.BatchEngine;
import io.turboqueue.batch.DamagedBatchException;
import io.turboqueue.batch.StoredMessage;
import io.turboqueue.batch.UnsupportedBatchException;
import io.turboqueue.cli.support.BatchVerb;
import io.turboqueue.cli.support.Exit;
import io.turboqueue.cli.support.Format;
import io.turboqueue.cli.support.MessagePrinter;
import io.turboqueue.scan.BatchEntry;
import io.turboqueue.scan.BatchReading;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A verb that prints messages of batches it has not claimed. What is claimed or gone meanwhile is passed over. */
abstract class ReadingVerb extends BatchVerb {

    @Mixin
    private MessageFilter filter = new MessageFilter();

    @Mixin
    private Format format = new Format();

    @Option(names = "--null", description = "End each payload with a zero byte instead of a new line.")
    private boolean nulls;

    private boolean damaged;
    private long printed;

    @Override
    protected final Exit run() throws Exception {
        MessagePrinter printer = new MessagePrinter(this, format, nulls ? 0 : '\n');
        try (BatchEngine engine = engine()) {
            read(new BatchReading(disk(), engine), printer);
        }
        printer.end();
        if (damaged) {
            return Exit.DAMAGE;
        }
        return printed == 0 ? Exit.NOTHING : Exit.OK;
    }

    /** Prints what was asked for. */
    abstract void read(BatchReading reading, MessagePrinter printer) throws Exception;

    /** The messages that are still to be delivered; none of a damaged batch, which is told of. */
    final List<StoredMessage> messages(BatchReading reading, BatchEntry entry) throws IOException {
        try {
            List<StoredMessage> all = reading.read(entry).orElse(List.of());
            int done = (int) Math.min(entry.name().offset(), all.size());
            return all.subList(done, all.size());
        } catch (DamagedBatchException bad) {
            note("batch " + entry.name().id() + " of " + entry.queue() + " is damaged ("
                    + bad.damage().reason() + "): " + bad.getMessage());
            damaged = true;
        } catch (UnsupportedBatchException left) {
            note("batch " + entry.name().id() + " of " + entry.queue() + " is passed over: " + left.getMessage());
        }
        return List.of();
    }

    final boolean accepts(StoredMessage message) {
        return filter.accepts(message);
    }

    /** Prints one of the messages that are still to be delivered. */
    final void print(MessagePrinter printer, BatchEntry entry, int index, StoredMessage message) throws IOException {
        long id = entry.name().offset() + index + 1;
        printer.print(entry.queue().text(), entry.name().id(), id, message);
        printed++;
    }

    final long printed() {
        return printed;
    }
}
