package io.turboqueue;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.LocalDisk;
import io.turboqueue.disk.SteppedDisk;
import io.turboqueue.layout.SpoolFolder;
import io.turboqueue.owner.ClaimRequeue;
import io.turboqueue.owner.OwnerRecovery;
import io.turboqueue.owner.ProcFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A process with a queue open that does what it is asked on its standard input, one line each, and answers with one line.
 * It ends when its input does. Arguments: the spool, the queue.
 */
final class TalkingProcess implements AutoCloseable {

    private static final int MAX_WATCHES = 1024;

    private final Path folder;
    private final Spool spool;
    private final TurboQueue<String> queue;
    private final List<WatchService> watches = new ArrayList<>();
    private @Nullable QueueConsumer<String> consumer;
    private @Nullable QueueProducer<String> producer;
    private @Nullable ClaimedBatch<String> batch;

    TalkingProcess(Path folder, String queue) throws IOException {
        this.folder = folder;
        this.spool = Spool.builder(folder)
                .environment(Map.of(), Map.of())
                .config(QueueConfig.builder()
                        .recoveryInterval(Duration.ofMillis(100))
                        .batchLinger(Duration.ofHours(1))
                        .build())
                .disk(new ParkingDisk())
                .open();
        this.queue = spool.queue(queue, Codecs.utf8());
    }

    public static void main(String[] arguments) throws Exception {
        try (TalkingProcess process = new TalkingProcess(Path.of(arguments[0]), arguments[1]);
                BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            String line = input.readLine();
            while (line != null) {
                say(process.answer(line.split(" ", 2)[0], line.substring(line.indexOf(' ') + 1)));
                line = input.readLine();
            }
        }
    }

    private static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    String answer(String command, String text) throws Exception {
        return switch (command) {
            case "open" -> open();
            case "poll" -> poll(Duration.ofMillis(Long.parseLong(text)));
            case "ack" -> ack();
            case "publish" -> publish(text);
            case "clear" -> clear();
            case "backUp" -> backUp();
            case "backUpForEver" -> backUpForEver();
            case "takeAllWatches" -> takeAllWatches();
            default -> throw new IllegalArgumentException(command);
        };
    }

    private String open() throws IOException {
        if (consumer == null) {
            consumer = queue.consumer();
        }
        return "opened";
    }

    private String poll(Duration timeout) throws IOException, InterruptedException {
        open();
        if (consumer == null) {
            throw new IllegalStateException("not open");
        }
        Optional<ClaimedBatch<String>> claimed = consumer.poll(timeout);
        batch = claimed.orElse(null);
        if (batch == null) {
            return "nothing";
        }
        List<String> payloads = new ArrayList<>();
        batch.forEach(message -> payloads.add(message.payload()));
        return "claimed attempt " + batch.attempt() + " " + payloads;
    }

    private String ack() throws IOException {
        if (batch == null) {
            return "nothing to ack";
        }
        try {
            batch.ack();
            return "acked";
        } catch (ClaimLostException lost) {
            return "lost: " + lost.getMessage();
        }
    }

    /** The message "park" holds this process when its batch is being written or was, but is not published. */
    private String publish(String text) throws IOException, InterruptedException {
        if (producer == null) {
            producer = queue.producer();
        }
        ParkingDisk.parks = text.equals("park");
        producer.send(text);
        producer.flush();
        return "published";
    }

    private String clear() throws IOException {
        Disk disk = new LocalDisk();
        SpoolFolder opened = SpoolFolder.openOrCreate(disk, folder);
        ClaimRequeue returns = new ClaimRequeue(disk, opened, name -> 5);
        return new OwnerRecovery(disk, opened, returns, ProcFolder.SYSTEM, System::nanoTime)
                .runOnce()
                .toString();
    }

    /** Reads every file of the spool, as a backup does; the kernel drops this process's lock then. */
    private String backUp() throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path file : tree.filter(Files::isRegularFile).toList()) {
                Files.readAllBytes(file);
            }
        } catch (UncheckedIOException | NoSuchFileException changedMeanwhile) {
            return "read some of it";
        }
        return "read";
    }

    private String backUpForEver() {
        Thread thread = new Thread(this::backUpAgainAndAgain, "backup");
        thread.setDaemon(true);
        thread.start();
        return "reading";
    }

    private void backUpAgainAndAgain() {
        try {
            while (true) {
                backUp();
            }
        } catch (IOException unreadable) {
            say("the backup failed: " + unreadable);
        }
    }

    private String takeAllWatches() {
        try {
            while (watches.size() < MAX_WATCHES) {
                watches.add(FileSystems.getDefault().newWatchService());
            }
            return "there are too many watches to take";
        } catch (IOException allTaken) {
            return "no watch is left";
        }
    }

    @Override
    public void close() throws IOException {
        for (WatchService watch : watches) {
            watch.close();
        }
        spool.close();
    }

    /** If told to, says where a batch was written, and waits there until the parent is gone. */
    private static final class ParkingDisk extends SteppedDisk {
        static volatile boolean parks;

        ParkingDisk() {
            super(new LocalDisk());
        }

        @Override
        protected void step(Step step, Path path, Work work) throws IOException {
            if (parks && (step == Step.WRITE || step == Step.SIZE)) { // by the engine itself, or after SQLite wrote
                say("loading " + path.getFileName());
                try {
                    ParentProcess.watch();
                    ParentProcess.awaitEnd();
                } catch (InterruptedException nobodyDoesThat) {
                    throw new IOException(nobodyDoesThat);
                }
            }
            work.run();
        }
    }
}
