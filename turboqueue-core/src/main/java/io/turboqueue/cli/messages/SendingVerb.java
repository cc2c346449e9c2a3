package io.turboqueue.cli.messages;

import io.turboqueue.QueueProducer;
import io.turboqueue.SendOptions;
import io.turboqueue.Spool;
import io.turboqueue.cli.frame.Exit;
import io.turboqueue.cli.frame.Progress;
import io.turboqueue.cli.frame.Refusal;
import io.turboqueue.cli.frame.Shutdown;
import io.turboqueue.cli.text.Units;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A verb that turns its input into messages. When it is told to end, what was sent so far is published. */
abstract class SendingVerb extends SpoolVerb {

    private static final int BETWEEN_LOOKS = 1024;

    @Option(names = "--quiet", description = "Do not tell how many were sent.")
    private boolean quiet;

    private long sent;
    private boolean dropped;

    /** Sends everything there is to send. */
    abstract void sendAll(QueueProducer<byte[]> producer) throws Exception;

    /** A message of a line of input. */
    interface Sending {
        void send(byte[] line) throws IOException, InterruptedException, Refusal;
    }

    final Exit sendTo(String queue, List<String> files) throws Exception {
        queueName(queue); // before a spool is made for it
        for (String file : files) {
            if (!file.equals("-")) {
                existing(file); // before anything is sent
            }
        }
        try (Spool spool = open();
                Shutdown shutdown = Shutdown.atOnce(() -> publish(spool)).start()) {
            try {
                QueueProducer<byte[]> producer = queue(spool, queue).producer();
                sendAll(producer);
                producer.close();
                report(producer);
                dropped = producer.droppedMessages() > 0;
            } catch (IllegalStateException closed) {
                if (!shutdown.stopping()) {
                    throw closed;
                }
            }
        }
        if (dropped) {
            return Exit.FAILED;
        }
        return sent == 0 ? Exit.NOTHING : Exit.OK;
    }

    /** The main thread may be waiting for input that never comes. */
    private void publish(Spool spool) {
        try {
            spool.close();
        } catch (IOException failed) {
            note("what was sent last could not be published: " + failed.getMessage());
        }
    }

    private void report(QueueProducer<byte[]> producer) {
        if (!quiet && surroundings().terminal().err()) {
            note(Units.count(producer.publishedMessages(), "message") + " in "
                    + Units.count(producer.publishedBatches(), "batch"));
        }
        if (producer.droppedMessages() > 0) {
            note(Units.count(producer.droppedMessages(), "message")
                    + " dropped because the queue is full, as its settings say");
        }
    }

    /** The pieces of the input: of the files named, or else of the standard input; {@code -} is that too. */
    final void eachPiece(List<String> files, int end, Sending sending) throws Exception {
        boolean typed = files.isEmpty() && surroundings().terminal().in();
        if (typed && !quiet) {
            note("reading messages from the terminal, one a line; Ctrl-D ends");
        }
        try (Progress progress =
                typed || quiet ? Progress.none() : Progress.start(surroundings(), "send", " messages", -1)) {
            if (files.isEmpty()) {
                each(surroundings().streams().in(), end, sending, progress);
            }
            for (String file : files) {
                if (file.equals("-")) {
                    each(surroundings().streams().in(), end, sending, progress);
                } else {
                    try (InputStream in = Files.newInputStream(existing(file))) {
                        each(in, end, sending, progress);
                    }
                }
            }
        }
    }

    private Path existing(String file) throws Refusal {
        Path path = surroundings().folder().resolve(file);
        if (!Files.isReadable(path) || Files.isDirectory(path)) {
            throw new Refusal(Exit.NOTHING, "there is no file " + path + " to read");
        }
        return path;
    }

    private void each(InputStream in, int end, Sending sending, Progress progress) throws Exception {
        Pieces pieces = new Pieces(in, end);
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

    /** A line as a JSON object. */
    final void sendJson(QueueProducer<byte[]> producer, byte[] line, SendOptions defaults)
            throws IOException, InterruptedException, Refusal {
        try {
            JsonLine message = JsonLine.parse(line, defaults);
            producer.send(message.payload(), message.options());
        } catch (IllegalArgumentException bad) {
            throw new Refusal(
                    Exit.FAILED,
                    "line " + Units.count(sent + 1) + " " + bad.getMessage() + "; the lines before it were sent");
        }
    }
}
