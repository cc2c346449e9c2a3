package io.turboqueue.cli.messaging;

import io.turboqueue.QueueProducer;
import io.turboqueue.cli.text.Times;
import java.io.Closeable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Says once that a producer waits for room, on a thread of its own, since the one that sends is waiting. */
final class FullQueueNote implements Closeable {

    private static final Duration WORTH_SAYING = Duration.ofSeconds(1);
    private static final long BETWEEN_LOOKS_MILLIS = 200;

    private final CountDownLatch closed = new CountDownLatch(1);
    private final QueueProducer<?> producer;
    private final Consumer<Duration> note;

    private FullQueueNote(QueueProducer<?> producer, Consumer<Duration> note) {
        this.producer = producer;
        this.note = note;
    }

    /** Starts looking; the note gets how long the producer has been waiting. */
    static FullQueueNote watch(QueueProducer<?> producer, Consumer<Duration> note) {
        FullQueueNote watch = new FullQueueNote(producer, note);
        Thread thread = new Thread(watch::look, "turboqueue-full-queue");
        thread.setDaemon(true);
        thread.start();
        return watch;
    }

    /** The sentence. */
    static String text(String queue, Duration waited, InstantSource clock, Times times) {
        return "queue " + queue + " is full: waiting for room since "
                + times.format(clock.instant().minus(waited)) + "; consumers make room";
    }

    private void look() {
        try {
            while (!closed.await(BETWEEN_LOOKS_MILLIS, TimeUnit.MILLISECONDS)) {
                Optional<Duration> waited = producer.blockedFor();
                if (waited.isPresent() && waited.get().compareTo(WORTH_SAYING) >= 0) {
                    note.accept(waited.get());
                    return;
                }
            }
        } catch (InterruptedException enough) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
