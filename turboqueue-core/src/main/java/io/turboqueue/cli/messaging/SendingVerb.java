package io.turboqueue.cli.messaging;

import io.turboqueue.QueueProducer;
import io.turboqueue.SendOptions;
import io.turboqueue.Spool;
import io.turboqueue.cli.support.CommandException;
import io.turboqueue.cli.support.Exit;
import io.turboqueue.cli.support.Progress;
import io.turboqueue.cli.support.Shutdown;
import io.turboqueue.cli.text.Units;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * A verb that turns its input into messages. When it fails or is asked to end, what was sent so far is published, and the error
 * output says how many messages that are.
 */
abstract class SendingVerb extends SpoolVerb {

    private static final int BETWEEN_LOOKS = 1024;

    @Option(names = "--quiet", description = "Do not tell how many were sent.")
    private boolean quiet;

    private long sent;
    private boolean mixed;
    private boolean ended;
    private boolean noted;
    private @Nullable Spool spool;
    private @Nullable QueueProducer<byte[]> producer;

    /** Sends everything there is to send. */
    abstract void sendAll(QueueProducer<byte[]> producer) throws Exception;

    /** A message of a line of input. */
    interface Sending {
        void send(byte[] line) throws IOException, InterruptedException, CommandException;
    }

    final Exit sendTo(String queue, List<String> files) throws Exception {
        queueName(queue); // before a spool is made for it
        try (Shutdown shutdown = Shutdown.atOnce()) {
            shutdown.onStop(this::endEarly);
            send(queue, files, shutdown);
        }
        if (dropped() > 0) {
            return Exit.FAILED;
        }
        return sent == 0 ? Exit.NOTHING : Exit.OK;
    }

    private void send(String queue, List<String> files, Shutdown shutdown) throws Exception {
        boolean whole = false;
        try {
            requireReadable(files); // before anything is sent
            QueueProducer<byte[]> started = start(queue);
            FullQueueNote full = FullQueueNote.watch(started, waited -> noteFull(queue, waited));
            try (full) {
                sendAll(started);
            }
            end(started);
            whole = true;
        } catch (IOException | IllegalStateException failed) {
            if (!shutdown.stopping()) { // else the producer was closed under it
                throw failed;
            }
        } finally {
            if (!whole) {
                endEarly();
            }
        }
    }

    private void requireReadable(List<String> files) throws CommandException {
        for (String file : files) {
            if (!file.equals("-")) {
                existing(file);
            }
        }
    }

    /** Not while the process is asked to end, which closes what there is. */
    private synchronized QueueProducer<byte[]> start(String queue) throws IOException {
        if (ended) {
            throw new IllegalStateException("told to end");
        }
        spool = open();
        producer = queue(spool, queue).producer();
        return producer;
    }

    private void noteFull(String queue, Duration waited) {
        note(FullQueueNote.text(queue, waited, context().clock(), times()));
    }

    /** Publishes the rest and leaves the spool. */
    private synchronized void end(QueueProducer<byte[]> started) throws IOException {
        if (ended) {
            return;
        }
        started.close();
        Spool opened = spool;
        if (opened != null) {
            opened.close();
        }
        ended = true;
        if (!quiet && context().terminal().err()) {
            note(Units.count(started.publishedMessages(), "message") + " in "
                    + Units.count(started.publishedBatches(), "batch"));
        }
        if (dropped() > 0) {
            note(Units.count(dropped(), "message") + " dropped because the queue is full, as its settings say");
            notePublished();
        }
    }

    private long dropped() {
        return producer == null ? 0 : producer.droppedMessages();
    }

    /**
     * Publishes what can be published and says how far that is. The thread that sends may be waiting for input that never
     * comes, so this runs on another one when the process is asked to end.
     */
    private synchronized void endEarly() {
        if (!ended) {
            ended = true;
            closeAfterFailure();
        }
        notePublished();
    }

    private void closeAfterFailure() {
        try {
            if (spool != null) {
                spool.close();
            }
        } catch (IOException failed) {
            note("what was sent last could not be published: " + failed.getMessage());
        }
    }

    /** Once, and in digits alone, for scripts that continue from there. */
    private void notePublished() {
        if (noted) {
            return;
        }
        noted = true;
        long published = producer == null ? 0 : producer.publishedMessages();
        if (published == 0) {
            note("published: 0 messages");
        } else {
            boolean first = dropped() == 0 && (!mixed || published >= sent);
            String which = first ? "the first " : "not necessarily the first ";
            note("published: " + published + (published == 1 ? " message, " : " messages, ") + which + published
                    + " of the input");
        }
    }

    /** The pieces of the input: of the files named, or else of the standard input; {@code -} is that too. */
    final void eachPiece(List<String> files, int end, Sending sending) throws Exception {
        boolean typed = files.isEmpty() && context().terminal().in();
        if (typed && !quiet) {
            note("reading messages from the terminal, one a line; Ctrl-D ends");
        }
        try (Progress progress =
                typed || quiet ? Progress.none() : Progress.start(context(), "send", " messages", -1)) {
            if (files.isEmpty()) {
                each(context().streams().in(), end, sending, progress);
            }
            for (String file : files) {
                if (file.equals("-")) {
                    each(context().streams().in(), end, sending, progress);
                } else {
                    try (InputStream in = Files.newInputStream(existing(file))) {
                        each(in, end, sending, progress);
                    }
                }
            }
        }
    }

    private Path existing(String file) throws CommandException {
        Path path = context().folder().resolve(file);
        if (!Files.isReadable(path) || Files.isDirectory(path)) {
            throw new CommandException(Exit.NOTHING, "there is no file " + path + " to read");
        }
        return path;
    }

    private void each(InputStream in, int end, Sending sending, Progress progress) throws Exception {
        DelimitedReader pieces = new DelimitedReader(in, end);
        for (byte @Nullable [] piece = pieces.next(); piece != null; piece = pieces.next()) {
            sending.send(piece);
            sent++;
            if (sent % BETWEEN_LOOKS == 0) {
                progress.at(sent);
            }
        }
        progress.at(sent);
    }

    /** Counts messages that came another way. */
    final void sentOne() {
        sent++;
    }

    /** A line as a JSON object. Several may be made of one message, so they are messages of their own. */
    final void sendJson(QueueProducer<byte[]> producer, byte[] line, SendOptions defaults)
            throws IOException, InterruptedException, CommandException {
        sendJson(producer, line, defaults, false);
    }

    /** The same, perhaps with the identity of the message that was printed. */
    final void sendJson(QueueProducer<byte[]> producer, byte[] line, SendOptions defaults, boolean again)
            throws IOException, InterruptedException, CommandException {
        mixed = true; // each line may have a priority and a delay of its own, and so be published before others
        try {
            JsonLine message = JsonLine.parse(line, defaults);
            String identity = again ? message.identity() : null;
            producer.send(
                    message.payload(),
                    identity == null ? message.options() : message.options().identity(identity));
        } catch (IllegalArgumentException bad) {
            throw new CommandException(Exit.FAILED, "line " + Units.count(sent + 1) + " " + bad.getMessage());
        }
    }
}
