package io.turboqueue;

import java.nio.file.Path;
import java.time.Duration;

/** Works as the documentation shows it, and says what it handles; how it ends is its test's choice. Arguments: how, the spool. */
final class EndingProcess {

    private static final QueueConfig CONFIG = QueueConfig.builder()
            .batchLinger(Duration.ofHours(1))
            .retryBackoff(Duration.ZERO)
            .build();

    private final TurboQueue<String> queue;

    private EndingProcess(TurboQueue<String> queue) {
        this.queue = queue;
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "work" -> workSlowly(folder);
            case "poll" -> pollInALoop(folder);
            case "hang" -> hang(folder);
            case "exit" -> exitInHandler(folder);
            case "return" -> sendUnflushed(folder);
            case "forget" -> sendAndForget(folder);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static EndingProcess in(Spool spool) throws Exception {
        return new EndingProcess(spool.queue("q", Codecs.utf8(), CONFIG));
    }

    /** Two threads, 20 ms a message. */
    private static void workSlowly(Path folder) throws Exception {
        try (Spool spool = Spool.open(folder)) {
            in(spool).queue.work(2, message -> {
                Thread.sleep(20);
                say(message.payload());
            });
        }
    }

    /** With a thread of its own, which is at the first message of a batch when the JVM ends. */
    private static void pollInALoop(Path folder) throws Exception {
        try (Spool spool = Spool.open(folder);
                QueueConsumer<String> consumer = in(spool).queue.consumer()) {
            while (true) {
                try (ClaimedBatch<String> batch =
                        consumer.poll(Duration.ofSeconds(1)).orElse(null)) {
                    if (batch != null) {
                        handleAll(batch, spool);
                    }
                }
            }
        }
    }

    private static void handleAll(ClaimedBatch<String> batch, Spool spool) throws Exception {
        for (Message<String> message : batch) {
            say(message.payload());
            while (!spool.session().isQuiet()) {
                Thread.sleep(10);
            }
        }
        batch.ack();
    }

    /** At one message for ever, interrupted or not. */
    private static void hang(Path folder) throws Exception {
        QueueConfig impatient =
                QueueConfig.builder().closeTimeout(Duration.ofMillis(50)).build();
        try (Spool spool = Spool.builder(folder).config(impatient).open()) {
            in(spool).queue.work(1, message -> {
                say(message.payload());
                while (message.payload().equals("hangs")) {
                    try {
                        Thread.sleep(60_000);
                    } catch (InterruptedException ignored) {
                        // as some libraries do
                    }
                }
            });
        }
    }

    /** While a hook of its own closes the spool as well. */
    private static void exitInHandler(Path folder) throws Exception {
        Spool spool = Spool.open(folder);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                spool.close();
            } catch (Exception failed) {
                say("closing failed: " + failed);
            }
        }));
        in(spool).queue.work(2, message -> {
            say(message.payload());
            if (message.payload().equals("exits")) {
                System.exit(3);
            }
        });
    }

    /** Nobody closes or flushes anything. */
    private static void sendUnflushed(Path folder) throws Exception {
        QueueProducer<String> producer = in(Spool.open(folder)).queue.producer();
        for (int i = 0; i < 100; i++) {
            producer.send("message " + i);
        }
    }

    /** Nor is anything in use when the garbage collector runs. */
    private static void sendAndForget(Path folder) throws Exception {
        sendUnflushed(folder);
        for (int i = 0; i < 6; i++) {
            System.gc();
            Thread.sleep(500);
        }
    }

    private static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
