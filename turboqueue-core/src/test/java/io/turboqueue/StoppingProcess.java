package io.turboqueue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Works and produces until it is told to end, as the README shows it. */
final class StoppingProcess {

    private StoppingProcess() {}

    public static void main(String[] arguments) throws Exception {
        Spool spool = Spool.open(Path.of(arguments[0]));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(spool)));
        QueueConfig slow =
                QueueConfig.builder().batchLinger(Duration.ofHours(1)).build();
        QueueProducer<String> producer = spool.queue("out", Codecs.utf8(), slow).producer();
        spool.queue("in", Codecs.utf8()).work(1, message -> {
            producer.send(message.payload());
            System.out.println(message.payload());
            Thread.sleep(20); // work that takes a while
        });
    }

    private static void close(Spool spool) {
        try {
            spool.close();
        } catch (IOException failed) {
            System.err.println(failed);
        }
    }
}
