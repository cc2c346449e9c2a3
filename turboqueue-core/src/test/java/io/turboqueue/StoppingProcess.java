package io.turboqueue;

import java.nio.file.Path;
import java.time.Duration;

/** Works and produces until it receives SIGTERM. It closes nothing itself. */
final class StoppingProcess {

    private StoppingProcess() {}

    public static void main(String[] arguments) throws Exception {
        Spool spool = Spool.open(Path.of(arguments[0]));
        QueueConfig slow =
                QueueConfig.builder().batchLinger(Duration.ofHours(1)).build();
        QueueProducer<String> producer = spool.queue("out", Codecs.utf8(), slow).producer();
        spool.queue("in", Codecs.utf8()).work(1, message -> {
            producer.send(message.payload());
            System.out.println(message.payload());
            Thread.sleep(20); // work that takes a while
        });
    }
}
