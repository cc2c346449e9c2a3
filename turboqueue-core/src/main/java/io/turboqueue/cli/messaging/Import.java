package io.turboqueue.cli.messaging;

import io.turboqueue.QueueProducer;
import io.turboqueue.SendOptions;
import io.turboqueue.cli.support.Exit;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** JSON lines to messages. */
@Command(
        name = "import",
        header = "Sends what 'export' printed.",
        description =
                "Sends what 'export' printed: a JSON object a line, with its key, headers, time and identity. Priorities and states are not "
                        + "kept: all become ready. Ends at the first line that is wrong; the lines before it are published, and their number is said.",
        footer = {"  turboqueue export flights | turboqueue --spool /mnt/other import flights"})
public final class Import extends SendingVerb {

    @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue.")
    private String name = "";

    @Parameters(index = "1..*", paramLabel = "FILE", description = "Files to read instead of the standard input.")
    private List<String> files = List.of();

    @Override
    protected Exit run() throws Exception {
        return sendTo(name, files);
    }

    @Override
    void sendAll(QueueProducer<byte[]> producer) throws Exception {
        eachPiece(files, '\n', line -> sendJson(producer, line, SendOptions.create(), true));
    }
}
