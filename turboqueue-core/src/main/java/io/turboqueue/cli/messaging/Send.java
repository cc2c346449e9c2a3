package io.turboqueue.cli.messaging;

import io.turboqueue.QueueProducer;
import io.turboqueue.SendOptions;
import io.turboqueue.cli.support.CommandException;
import io.turboqueue.cli.support.Exit;
import io.turboqueue.cli.support.TimeOption;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lines to messages. */
@Command(
        name = "send",
        header = "Sends lines as messages.",
        description =
                "Sends each line of the input, or of the files named, as a message. When it ends with 0, all are published. If it fails "
                        + "or is ended by a signal, it publishes what it has sent so far and says on the error output how many "
                        + "messages that are: 'published: 12345 messages, the first 12345 of the input'. Makes spool and queue if "
                        + "they are not there. Waits while the queue is full, and says so once, unless its settings say otherwise.",
        footer = {
            "  seq 1000 | turboqueue send numbers",
            "  turboqueue send flights flights.csv --key import --priority 3",
            "  turboqueue send mails --message 'hello' --header lang=en --delay 5m",
            "  find . -type f -print0 | turboqueue send files --null"
        })
public final class Send extends SendingVerb {

    @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue.")
    private String name = "";

    @Parameters(
            index = "1..*",
            paramLabel = "FILE",
            description = "Files to read instead of the standard input; - is that.")
    private List<String> files = List.of();

    @Option(
            names = {"-m", "--message"},
            paramLabel = "TEXT",
            description = "A message, instead of reading any; may be repeated.")
    private List<String> messages = List.of();

    @Option(names = "--null", description = "Messages end with a zero byte, not with a new line.")
    private boolean nulls;

    @Option(
            names = "--json-lines",
            description = "Each line is a JSON object: payload or payloadBase64, key, headers, time, priority, delay.")
    private boolean jsonLines;

    @Option(names = "--key", paramLabel = "KEY", description = "The messages' key.")
    @Nullable
    private String key;

    @Option(names = "--header", paramLabel = "NAME=VALUE", description = "A header; may be repeated.")
    private Map<String, String> headers = new LinkedHashMap<>();

    @Option(
            names = "--priority",
            paramLabel = "0-9",
            defaultValue = "5",
            description = "0 is delivered first; ${DEFAULT-VALUE} by default.")
    private int priority = 5;

    @Option(
            names = "--delay",
            paramLabel = "TIME",
            converter = TimeOption.class,
            description = "Deliver not before so long.")
    @Nullable
    private Duration delay;

    @Override
    protected Exit run() throws Exception {
        options(); // refused before a spool is made
        return sendTo(name, files);
    }

    @Override
    void sendAll(QueueProducer<byte[]> producer) throws Exception {
        SendOptions options = options();
        boolean plain = key == null && headers.isEmpty() && priority == 5 && delay == null;
        if (!messages.isEmpty()) {
            for (String message : messages) {
                producer.send(message.getBytes(StandardCharsets.UTF_8), options);
                sentOne();
            }
        } else if (jsonLines) {
            eachPiece(files, '\n', line -> sendJson(producer, line, options));
        } else if (plain) {
            eachPiece(files, nulls ? 0 : '\n', producer::send);
        } else {
            eachPiece(files, nulls ? 0 : '\n', line -> producer.send(line, options));
        }
    }

    private SendOptions options() throws CommandException {
        try {
            SendOptions options = SendOptions.create().priority(priority);
            options = key == null ? options : options.key(key);
            options = delay == null ? options : options.delay(delay);
            for (Map.Entry<String, String> header : headers.entrySet()) {
                options = options.header(header.getKey(), header.getValue());
            }
            return options;
        } catch (IllegalArgumentException bad) {
            throw new CommandException(Exit.USAGE, String.valueOf(bad.getMessage()));
        }
    }
}
