package io.turboqueue.cli.messaging;

import io.turboqueue.ClaimLostException;
import io.turboqueue.ClaimedBatch;
import io.turboqueue.Message;
import io.turboqueue.QueueConsumer;
import io.turboqueue.Spool;
import io.turboqueue.cli.support.CommandException;
import io.turboqueue.cli.support.CountOption;
import io.turboqueue.cli.support.Exit;
import io.turboqueue.cli.support.Format;
import io.turboqueue.cli.support.MessagePrinter;
import io.turboqueue.cli.support.Shutdown;
import io.turboqueue.cli.support.TimeOption;
import io.turboqueue.cli.text.Json;
import io.turboqueue.inspect.OwnerInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Messages to lines, or to a command. */
@Command(
        name = "receive",
        header = "Receives messages as lines, or runs a command for them.",
        description = {
            "Claims batches and prints their messages, a line each. A batch is acked after all of it was written; what was not "
                    + "written goes back. Waits for more until told to stop, unless --max or --timeout says otherwise. A signal lets "
                    + "it finish the batch at hand, for 10 s at most.",
            "With --exec a command gets each message on its standard input, and TQ_QUEUE, TQ_BATCH, TQ_ATTEMPT, TQ_ID, TQ_IDENTITY, "
                    + "TQ_TIME and TQ_KEY (if there is one of 16 KiB at most) in its environment; with --batch it gets all messages of a "
                    + "batch, a line each, and TQ_MESSAGES instead of the last four. 0 acks, anything else retries later, or "
                    + "dead-letters at the attempt limit. A command that runs when this is told to end is waited for. Ends with 1 "
                    + "if a command failed."
        },
        footer = {
            "  turboqueue receive flights --max 100 --timeout 20s",
            "  turboqueue receive flights --timeout 1s --ndjson > flights.ndjson",
            "  turboqueue receive mails --exec 'sendmail -t'",
            "  turboqueue receive numbers --batch --exec 'sort -n | tail -1 >> maxima'"
        })
public final class Receive extends SpoolVerb {

    private static final Duration LONG = Duration.ofDays(1);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);
    private static final long SECOND_LOOK_NANOS = TimeUnit.SECONDS.toNanos(10);

    @Parameters(paramLabel = "QUEUE", description = "The queue.")
    private String name = "";

    @Option(
            names = "--max",
            converter = CountOption.class,
            paramLabel = "N",
            description = "End after so many messages, or batches with --batch.")
    private long max = Long.MAX_VALUE;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = TimeOption.class,
            description =
                    "End when nothing came for so long, and at most 10 seconds later if a process may have died with batches of "
                            + "the queue; with 3 if that was before --max, or nothing came at all.")
    @Nullable
    private Duration timeout;

    @Option(names = "--batch", description = "Whole batches: --max counts them, --exec gets one at a time.")
    private boolean wholeBatches;

    @Option(
            names = "--exec",
            paramLabel = "COMMAND",
            description = "Run this with the shell for each message or batch.")
    @Nullable
    private String command;

    @Option(names = "--null", description = "End each payload with a zero byte instead of a new line.")
    private boolean nulls;

    @Mixin
    private Format format = new Format();

    private @Nullable ShellCommand execution;
    private long received;

    @Override
    protected Exit run() throws Exception {
        spool(); // receiving makes no spool
        MessagePrinter printer = new MessagePrinter(this, format, separator());
        try (Shutdown shutdown = shutdown();
                Spool spool = open();
                QueueConsumer<byte[]> consumer =
                        queue(spool, queue(name).text()).consumer()) {
            shutdown.onStop(consumer::close);
            receive(consumer, shutdown, printer);
            printer.end();
        }
        if (execution != null && execution.failed() > 0) {
            String times = execution.failed() == 1 ? "once" : execution.failed() + " times";
            note("the command failed " + times + "; what it failed for is retried or dead-lettered");
            return Exit.FAILED;
        }
        boolean enough = max == Long.MAX_VALUE ? received > 0 : received >= max;
        return enough ? Exit.OK : Exit.NOTHING;
    }

    /** A command that runs is waited for: else its messages would go to another one while it is still at work. */
    private Shutdown shutdown() {
        return command == null ? Shutdown.start() : Shutdown.patient();
    }

    private void receive(QueueConsumer<byte[]> consumer, Shutdown shutdown, MessagePrinter printer) throws Exception {
        while (received < max && !shutdown.stopping()) {
            Optional<ClaimedBatch<byte[]>> claimed = poll(consumer, timeout == null ? LONG : timeout, shutdown);
            if (claimed.isPresent()) {
                handle(claimed.get(), shutdown, printer);
            } else if (timeout != null && (shutdown.stopping() || !comesFromTheDead(consumer, shutdown, printer))) {
                return;
            }
        }
    }

    /**
     * Whether, after nothing came, something came back from an owner that may be dead: that takes a second look, and a
     * command that ends before it and is run again and again would never see it.
     */
    private boolean comesFromTheDead(QueueConsumer<byte[]> consumer, Shutdown shutdown, MessagePrinter printer)
            throws Exception {
        long start = System.nanoTime();
        boolean mayCome = true;
        while (mayCome && !shutdown.stopping()) {
            mayCome = System.nanoTime() - start < SECOND_LOOK_NANOS && mayComeBack();
            // What came back while that was looked at is ready now, so the queue is asked once more.
            Optional<ClaimedBatch<byte[]>> claimed = poll(consumer, mayCome ? BETWEEN_LOOKS : Duration.ZERO, shutdown);
            if (claimed.isPresent()) {
                handle(claimed.get(), shutdown, printer);
                return true;
            }
        }
        return false;
    }

    private boolean mayComeBack() throws IOException, CommandException {
        return scan().owners().stream()
                .filter(owner -> owner.isDead() || owner.status() == OwnerInfo.Status.IN_QUESTION)
                .flatMap(owner -> owner.claims().stream())
                .anyMatch(claim -> claim.queue().equals(name));
    }

    /** A consumer that was closed meanwhile is no fault: the process was told to end. */
    private static Optional<ClaimedBatch<byte[]>> poll(
            QueueConsumer<byte[]> consumer, Duration patience, Shutdown shutdown)
            throws IOException, InterruptedException {
        try {
            return consumer.poll(patience);
        } catch (IllegalStateException closed) {
            if (shutdown.stopping()) {
                return Optional.empty();
            }
            throw closed;
        }
    }

    /** What was neither written nor executed goes back with no failure counted; an attempt is, since some of it may have been read. */
    private void handle(ClaimedBatch<byte[]> batch, Shutdown shutdown, MessagePrinter printer) throws Exception {
        boolean handled = false;
        try {
            if (command == null) {
                print(batch, printer);
            } else {
                execute(execution(command), batch, shutdown);
            }
            handled = true;
        } catch (ClaimLostException lost) {
            handled = true;
            note(String.valueOf(lost.getMessage()));
        } finally {
            if (!handled) {
                batch.release();
            }
        }
    }

    private ShellCommand execution(String shellCommand) {
        ShellCommand running = execution;
        if (running == null) {
            running = new ShellCommand(shellCommand, name, separator(), this::note);
            execution = running;
        }
        return running;
    }

    private void execute(ShellCommand running, ClaimedBatch<byte[]> batch, Shutdown shutdown) throws Exception {
        if (wholeBatches) {
            running.run(batch, shutdown);
            received++;
        } else {
            received += running.runEach(batch, max - received, shutdown);
        }
    }

    private int separator() {
        return nulls ? 0 : '\n';
    }

    private void print(ClaimedBatch<byte[]> batch, MessagePrinter printer) throws IOException {
        long most = wholeBatches ? Long.MAX_VALUE : max - received;
        long printed = 0;
        Iterator<Message<byte[]>> messages = batch.iterator();
        while (printed < most && messages.hasNext()) {
            print(printer, batch, messages.next());
            printed++;
        }
        printer.flush();
        if (messages.hasNext()) {
            batch.checkpoint();
            batch.release();
        } else {
            batch.ack();
        }
        received += wholeBatches ? 1 : printed;
    }

    private void print(MessagePrinter printer, ClaimedBatch<byte[]> batch, Message<byte[]> message) throws IOException {
        if (format.text()) {
            printer.payload(message.payload());
            return;
        }
        Map<String, @Nullable Object> extras = Json.object("attempt", message.attempt());
        extras.putAll(MessagePrinter.extras(message));
        printer.object(
                MessagePrinter.fields(name, batch.id(), message.id(), message.time(), extras, message.payload()));
    }
}
