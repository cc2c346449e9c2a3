package io.turboqueue.cli.messaging;

import io.turboqueue.ClaimedBatch;
import io.turboqueue.Message;
import io.turboqueue.cli.support.LocaleEncoding;
import io.turboqueue.cli.support.Shutdown;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Runs a shell command over messages. Its output and complaints go where this process's go. Not thread-safe. */
final class ShellCommand {

    /** Exit codes of a command that was told to end: 128 + SIGINT, 128 + SIGTERM. */
    private static final int INTERRUPTED = 130;

    private static final int TERMINATED = 143;
    private static final long SIGNALS_MEET_MILLIS = 200;

    private static final Set<String> OF_ONE_MESSAGE = Set.of("TQ_ID", "TQ_IDENTITY", "TQ_TIME", "TQ_KEY");

    /** A longer variable may be refused by the kernel, and then the command would not start at all. */
    private static final int MAX_KEY = 16 * 1024;

    private final String command;
    private final String queue;
    private final int separator;
    private final Consumer<String> notes;
    private long failed;
    private boolean keyLost;

    /**
     * Of a command.
     *
     * @param command for {@code sh -c}
     * @param queue told to the command
     * @param separator the byte behind each payload of a batch
     * @param notes gets what somebody should know
     */
    ShellCommand(String command, String queue, int separator, Consumer<String> notes) {
        this.command = command;
        this.queue = queue;
        this.separator = separator;
        this.notes = notes;
    }

    /** How often it ended with anything but 0. */
    long failed() {
        return failed;
    }

    /** The command failed. */
    @SuppressWarnings("OverrideThrowableToString") // it goes into a header as it is
    private static final class CommandFailedException extends Exception {
        private static final long serialVersionUID = 1L;

        CommandFailedException(int code) {
            super("the command ended with " + code, null, false, false); // where in this program does not matter
        }

        @Override
        public String toString() {
            return String.valueOf(getMessage());
        }
    }

    /** The whole batch at once; acked if the command succeeds, given back to be retried otherwise. */
    void run(ClaimedBatch<byte[]> batch, Shutdown shutdown) throws IOException, InterruptedException {
        int code = run(
                environment -> {
                    describe(batch, environment);
                    environment.put("TQ_MESSAGES", Integer.toString(batch.size()));
                },
                stdin -> {
                    for (Message<byte[]> message : batch) {
                        stdin.write(message.payload());
                        stdin.write(separator);
                    }
                });
        if (code == 0) {
            batch.ack();
        } else if (wasTold(code, shutdown)) {
            batch.release();
        } else {
            failed++;
            batch.nack();
        }
    }

    /**
     * Each message on its own, at most that many. After each success the batch records how far it came, so that nothing that
     * succeeded is done again if this process dies. Failures in a row are retried in one batch.
     *
     * @return how many were handled, successfully or not
     */
    long runEach(ClaimedBatch<byte[]> batch, long most, Shutdown shutdown) throws IOException, InterruptedException {
        long handled = 0;
        Iterator<Message<byte[]>> messages = batch.iterator();
        while (handled < most && messages.hasNext() && !shutdown.stopping()) {
            Message<byte[]> message = messages.next();
            int code = run(
                    environment -> {
                        describe(batch, environment);
                        describe(message, environment);
                    },
                    stdin -> stdin.write(message.payload()));
            if (code != 0 && wasTold(code, shutdown)) {
                batch.release();
                return handled;
            }
            if (code == 0) {
                batch.checkpoint();
            } else {
                failed++;
                batch.fail(message, new CommandFailedException(code));
            }
            handled++;
        }
        batch.checkpoint();
        batch.release();
        return handled;
    }

    private void describe(ClaimedBatch<byte[]> batch, Map<String, String> environment) {
        environment.put("TQ_QUEUE", queue);
        environment.put("TQ_BATCH", batch.id());
        environment.put("TQ_ATTEMPT", Integer.toString(batch.attempt()));
        environment.keySet().removeAll(OF_ONE_MESSAGE); // a caller's own would be taken for this message's
    }

    private void describe(Message<byte[]> message, Map<String, String> environment) {
        String key = message.key();
        environment.put("TQ_ID", Long.toString(message.id()));
        environment.put("TQ_IDENTITY", message.identity().replace("\0", ""));
        environment.put("TQ_ATTEMPT", Integer.toString(message.attempt()));
        environment.put("TQ_TIME", message.time().toString());
        if (key != null && key.length() <= MAX_KEY) {
            describeKey(key.replace("\0", ""), environment);
        }
    }

    /** No key at all is better than one with question marks in it. */
    private void describeKey(String key, Map<String, String> environment) {
        if (LocaleEncoding.canEncode(key)) {
            environment.put("TQ_KEY", key);
        } else if (!keyLost) {
            keyLost = true;
            notes.accept("TQ_KEY is not set where it cannot be passed on: " + LocaleEncoding.advice());
        }
    }

    /** Ctrl-C reaches the command as well, perhaps a moment before this process knows of it. */
    private static boolean wasTold(int code, Shutdown shutdown) throws InterruptedException {
        if (!shutdown.stopping() && (code == INTERRUPTED || code == TERMINATED)) {
            Thread.sleep(SIGNALS_MEET_MILLIS);
        }
        return shutdown.stopping();
    }

    /** What the command reads. */
    private interface Input {
        void write(OutputStream stdin) throws IOException;
    }

    private int run(Consumer<Map<String, String>> environment, Input input) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        environment.accept(builder.environment());
        Process process = builder.start();
        feed(process, input);
        return process.waitFor();
    }

    /** A command need not read its input. */
    @SuppressWarnings("EmptyCatch")
    private static void feed(Process process, Input input) throws IOException {
        try (OutputStream stdin = process.getOutputStream()) {
            input.write(stdin);
        } catch (IOException closed) {
            // it ended, or closed its input; its exit code decides
        }
    }
}
