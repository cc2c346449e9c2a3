package io.turboqueue.examples.features;

import io.turboqueue.ClaimedBatch;
import io.turboqueue.Codecs;
import io.turboqueue.QueueAdmin;
import io.turboqueue.QueueConsumer;
import io.turboqueue.QueueProducer;
import io.turboqueue.Spool;
import io.turboqueue.SpoolInspector;
import io.turboqueue.TurboQueue;
import io.turboqueue.inspect.BatchFilter;
import io.turboqueue.inspect.BatchInfo;
import io.turboqueue.inspect.BatchState;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;

/** Pauses a queue, redrives the dead letters with one reason, moves the others away, and lists what is where. */
public final class Administration {

    private Administration() {}

    /**
     * Runs it.
     *
     * @param args the spool's folder; a temporary one if there is none
     * @throws Exception if it fails
     */
    public static void main(String[] args) throws Exception {
        Feature.run(args, Administration::run);
    }

    static void run(Path folder, PrintStream out) throws Exception {
        try (Spool spool = Spool.open(folder)) {
            TurboQueue<String> mails = spool.queue("mails", Codecs.utf8());
            deadLetter(mails, "to a full mailbox", "mailbox-full");
            deadLetter(mails, "to nobody", "no-such-address");

            QueueAdmin admin = mails.admin();
            admin.pause();
            out.println("redriven: "
                    + admin.redrive(BatchFilter.all().reason("mailbox-full")).batches());
            out.println("moved: "
                    + admin.moveTo("mails.returned", BatchFilter.in(BatchState.DEAD))
                            .batches());
            print(spool.inspector(), out);
            admin.resume();
        }
    }

    private static void deadLetter(TurboQueue<String> mails, String mail, String reason) throws Exception {
        try (QueueProducer<String> producer = mails.producer();
                QueueConsumer<String> consumer = mails.consumer()) {
            producer.send(mail);
            producer.flush();
            try (ClaimedBatch<String> batch =
                    consumer.poll(Duration.ofSeconds(10)).orElseThrow()) {
                batch.deadLetter(reason);
            }
        }
    }

    private static void print(SpoolInspector inspector, PrintStream out) throws Exception {
        for (BatchInfo batch : inspector.batches(BatchFilter.all())) {
            out.println(batch.queue() + " " + batch.state().word()
                    + batch.reason().map(reason -> " (" + reason + ")").orElse(""));
        }
    }
}
