package io.turboqueue;

import static org.awaitility.Awaitility.await;

import io.turboqueue.Ledger.Delivery;
import io.turboqueue.disk.Disk;
import io.turboqueue.disk.ProcessDiedException;
import io.turboqueue.inspect.QueueStats;
import io.turboqueue.owner.DeadOwners;
import io.turboqueue.owner.EveryOtherIsGone;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A process that does with a queue all that can be done with one, and keeps a {@link Ledger} of it. */
final class Workload {

    static final String QUEUE = "flights";

    private final Path folder;
    private final Disk disk;
    private final Ledger ledger;
    private final QueueConfig config;
    private final Patience patience;
    private final HandClock clock = new HandClock(Instant.now());
    private int batches;
    private @Nullable Spool spool;
    private @Nullable Session session;
    private @Nullable TurboQueue<String> queue;
    private @Nullable QueueProducer<String> producer;
    private @Nullable QueueConsumer<String> consumer;

    /** One call that may fail. */
    interface Call<T> {
        T run() throws IOException, InterruptedException;
    }

    /** What to do when a call fails. */
    interface Patience {
        /** Nothing: the failure is the test's, and no other thread is to do anything but once at the start. */
        Patience NONE = new Patience() {
            @Override
            public <T> T insist(Call<T> call, HandClock clock) throws IOException, InterruptedException {
                return call.run();
            }

            @Override
            public Duration recoveryInterval() {
                return Duration.ofHours(1);
            }
        };

        <T> T insist(Call<T> call, HandClock clock) throws IOException, InterruptedException;

        /** How soon what could not be given back is given back. */
        Duration recoveryInterval();
    }

    /** A claimed batch, and what the ledger has of it. */
    record Held(ClaimedBatch<String> batch, Ledger.Batch entry) {}

    Workload(Path folder, Disk disk, Ledger ledger, Durability durability, Patience patience) {
        this.folder = folder;
        this.disk = disk;
        this.ledger = ledger;
        this.patience = patience;
        this.config = QueueConfig.builder()
                .durability(durability)
                .batchLinger(Duration.ofHours(20))
                .recoveryInterval(patience.recoveryInterval())
                .maxAttempts(20)
                .build();
    }

    /** Opens spool, producer and consumer. */
    void open() throws IOException, InterruptedException {
        Spool opened = insist(() -> Spool.builder(folder)
                .environment(Map.of(), Map.of())
                .config(config)
                .disk(disk)
                .processes(new EveryOtherIsGone())
                .clock(clock)
                .nanos(clock)
                .open());
        spool = opened;
        session = insist(opened::session);
        TurboQueue<String> named = insist(() -> opened.queue(QUEUE, Codecs.utf8()));
        queue = named;
        producer = insist(named::producer);
        consumer = insist(named::consumer);
    }

    /** Each step of the protocol at least once. In the end this batch is claimed, and another one ready. */
    Held runAll() throws IOException, InterruptedException {
        open();
        send(3, SendOptions.create());
        send(2, SendOptions.create());
        ack(claim());

        nack(claim());
        advance(Duration.ofMinutes(1));
        Held second = claim();
        checkpoint(second, 1);
        ack(second);

        send(3, SendOptions.create().key("k"));
        failSecond(claim());
        advance(Duration.ofMinutes(1));
        ack(claim());

        send(2, SendOptions.create());
        deadLetter(claim());
        redrive();
        ack(claim());

        send(2, SendOptions.create().delay(Duration.ofMinutes(1)));
        advance(Duration.ofHours(21));
        nackAtOnce(claim());
        ack(claim());

        send(4, SendOptions.create().priority(1));
        send(1, SendOptions.create().priority(9));
        Held last = claim();
        checkpoint(last, 2);
        return last;
    }

    /** Leaves a claimed batch to be given back. */
    void runShort() throws IOException, InterruptedException {
        open();
        send(1, SendOptions.create());
        send(2, SendOptions.create());
        claim();
    }

    private <T> T insist(Call<T> call) throws IOException, InterruptedException {
        return patience.insist(call, clock);
    }

    /** For a call without a result. */
    private interface Action {
        void run() throws IOException, InterruptedException;
    }

    private void insistOn(Action action) throws IOException, InterruptedException {
        insist(() -> {
            action.run();
            return true;
        });
    }

    void advance(Duration time) {
        clock.advance(time);
    }

    /** Sends and publishes a batch. */
    void send(int messages, SendOptions options) throws IOException, InterruptedException {
        QueueProducer<String> open = opened(producer);
        batches++;
        List<String> payloads = new ArrayList<>();
        for (int i = 1; i <= messages; i++) {
            payloads.add("batch " + batches + " message " + i);
        }
        Ledger.Batch entry = ledger.intend(payloads);
        for (String payload : payloads) {
            insistOn(() -> open.send(payload, options));
        }
        insistOn(open::flush);
        entry.published();
    }

    /** Claims a batch; if there is none yet, the hand clock runs until there is. */
    Held claim() throws IOException, InterruptedException {
        Optional<Held> held = tryClaim();
        return held.isPresent() ? held.get() : awaitClaim();
    }

    private Held awaitClaim() {
        return await("there is something to claim")
                .atMost(Duration.ofSeconds(10))
                .pollInSameThread()
                .pollInterval(Duration.ofMillis(5))
                .until(
                        () -> {
                            advance(Duration.ofSeconds(2));
                            return tryClaim();
                        },
                        Optional::isPresent)
                .orElseThrow();
    }

    /** Only the first message is read at first. */
    Optional<Held> tryClaim() throws IOException, InterruptedException {
        QueueConsumer<String> open = opened(consumer);
        return insist(() -> open.poll(Duration.ZERO)).map(batch -> {
            String first = Delivery.text(batch.iterator().next());
            return new Held(batch, ledger.holding(first));
        });
    }

    private void read(Held held) throws IOException, InterruptedException {
        ledger.delivered(insist(() -> delivery(held.batch)));
    }

    /** Where a batch is delivered message by message, going to the next one is a step on the disk. */
    private static Delivery delivery(ClaimedBatch<String> batch) throws IOException {
        try {
            return Delivery.of(batch);
        } catch (UncheckedIOException failed) {
            throw new IOException(failed);
        }
    }

    void ack(Held held) throws IOException, InterruptedException {
        read(held);
        held.entry.done();
        insistOn(held.batch::ack);
    }

    /** Acks all there is. */
    void drain() throws IOException, InterruptedException {
        advance(Duration.ofHours(1));
        Optional<Held> held = tryClaim();
        while (held.isPresent()) {
            ack(held.get());
            held = tryClaim();
        }
    }

    void nack(Held held) throws IOException, InterruptedException {
        read(held);
        insistOn(held.batch::nack);
    }

    void nackAtOnce(Held held) throws IOException, InterruptedException {
        read(held);
        insistOn(() -> held.batch.nack(Duration.ZERO));
    }

    /** Reads that many messages, if that many are left, and says that they are done. */
    void checkpoint(Held held, int most) throws IOException, InterruptedException {
        Iterator<Message<String>> iterator = held.batch.iterator();
        int messages = 0;
        while (messages < most && iterator.hasNext()) {
            iterator.next();
            messages++;
        }
        if (!iterator.hasNext()) {
            held.entry.done();
        }
        held.entry.mayStartAt(held.entry.payloads().size() - held.batch.size() + messages);
        insistOn(held.batch::checkpoint);
    }

    /** Says that the second message failed, or the only one, and acks the others. */
    void failSecond(Held held) throws IOException, InterruptedException {
        Iterator<Message<String>> messages = held.batch.iterator();
        Message<String> failed = messages.next();
        if (messages.hasNext()) {
            failed = messages.next();
        }
        held.batch.fail(failed, new IllegalStateException("not today"));
        Ledger.Batch retry = ledger.intend(List.of(failed.payload() + "!"));
        ack(held);
        retry.published();
    }

    void deadLetter(Held held) throws IOException, InterruptedException {
        read(held);
        ledger.attemptsStartAnew();
        insistOn(() -> held.batch.deadLetter("bad flight"));
    }

    void redrive() throws IOException, InterruptedException {
        insist(opened(queue)::redrive);
    }

    void close() throws IOException, InterruptedException {
        insistOn(opened(spool)::close);
    }

    QueueStats stats() throws IOException, InterruptedException {
        return insist(opened(queue).inspector()::stats);
    }

    long publishedMessages() {
        return opened(producer).publishedMessages();
    }

    private static <T> T opened(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("not open");
        }
        return part;
    }

    /** Takes the threads and the memory of a process away that died, and lets the JVM forget thin its owner directory was its own. */
    void deadLetter() throws IOException {
        if (producer != null) {
            producer.abandon();
        }
        if (session != null) {
            try {
                session.close();
            } catch (ProcessDiedException likeEverythingElse) {
                // its threads have ended anyway
            }
        }
        DeadOwners.forget(folder);
    }
}
