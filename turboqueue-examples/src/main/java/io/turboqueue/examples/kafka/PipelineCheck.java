package io.turboqueue.examples.kafka;

import io.turboqueue.Spool;
import io.turboqueue.examples.JavaCommand;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.acl.AclOperation;

/**
 * Looks whether the pipeline could run as its settings say: brokers, topics, rights, spool, work class. Each is tried though
 * another has failed, and each is a line. Nothing is read from the in-topic or written to the out-topic; the ledger topic is
 * made if it is needed and not there.
 */
final class PipelineCheck {

    private static final long WORK_SECONDS = 60;

    private final PipelineSettings settings;
    private final PrintStream out;
    private boolean fine = true;

    private PipelineCheck(PipelineSettings settings, PrintStream out) {
        this.settings = settings;
        this.out = out;
    }

    /** Whether everything is as it must be. */
    static boolean run(PipelineSettings settings, PrintStream out) throws InterruptedException {
        PipelineCheck check = new PipelineCheck(settings, out);
        boolean reached = check.say("brokers", check::brokers);
        if (reached) {
            check.say("topic " + settings.inTopic(), () -> check.topic(settings.inTopic(), AclOperation.READ));
            check.say("topic " + settings.outTopic(), () -> check.topic(settings.outTopic(), AclOperation.WRITE));
            check.say("group " + settings.inGroup(), check::group);
            if (settings.transactions()) {
                check.say("transactions", check::transactions);
            }
        }
        check.say("spool", check::spool);
        check.say("work", check::work);
        return check.fine;
    }

    private interface Look {
        /** What is right, in words. */
        String look() throws IOException, PipelineException, InterruptedException;
    }

    private boolean say(String what, Look look) throws InterruptedException {
        try {
            out.println("ok      " + what + ": " + look.look());
            return true;
        } catch (PipelineException | IOException failed) {
            String words = failed instanceof PipelineException ? failed.getMessage() : failed.toString();
            out.println("FAILED  " + what + ": " + words);
            fine = false;
            return false;
        }
    }

    private String brokers() throws IOException, PipelineException, InterruptedException {
        try (Topics topics = Topics.open(settings)) {
            return topics.brokers() + " answer on " + settings.bootstrap();
        }
    }

    private String topic(String name, AclOperation operation)
            throws IOException, PipelineException, InterruptedException {
        try (Topics topics = Topics.open(settings)) {
            int partitions = topics.require(name, operation).partitions().size();
            return partitions + " partitions, " + operation + " is allowed";
        }
    }

    private String group() throws IOException, PipelineException, InterruptedException {
        try (Topics topics = Topics.open(settings)) {
            return topics.committed(settings.inGroup(), settings.inTopic()) + " partitions have a committed offset";
        }
    }

    private String transactions() throws IOException, PipelineException, InterruptedException {
        try (Topics topics = Topics.open(settings)) {
            topics.requireLedger(settings);
            return "ledger topic " + settings.ledgerTopic() + ", transactional id " + settings.transactionalId();
        }
    }

    /** A batch is not written: opening a spool makes and locks files of its own. */
    private String spool() throws IOException {
        boolean wasThere = Files.isDirectory(settings.spool());
        Spool.open(settings.spool()).close();
        return settings.spool().toAbsolutePath() + (wasThere ? " is there" : " was made") + ", " + room();
    }

    private String room() throws IOException {
        long bytes = Files.getFileStore(settings.spool()).getUsableSpace();
        return (bytes >> 20) + " MiB free";
    }

    /** In a process of its own, as a worker would: its code may do anything. */
    private String work() throws IOException, PipelineException, InterruptedException {
        WorkClass.find(settings).close();
        Path file = Files.createTempFile("turboqueue-check-", ".json");
        try {
            settings.write(file);
            Process process = new ProcessBuilder(JavaCommand.of(
                            PipelineWorker.class, List.of(), List.of(file.toString(), PipelineWorker.CHECK)))
                    .redirectErrorStream(true)
                    .start();
            if (!process.waitFor(WORK_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new PipelineException("setting work.class = \"" + settings.text(PipelineSetting.WORK_CLASS)
                        + "\" was not created and opened within " + WORK_SECONDS + " s");
            }
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.exitValue() != 0) {
                throw new PipelineException(said.isEmpty() ? "it ended with status " + process.exitValue() : said);
            }
            return settings.text(PipelineSetting.WORK_CLASS) + " can be created, opened and closed";
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
