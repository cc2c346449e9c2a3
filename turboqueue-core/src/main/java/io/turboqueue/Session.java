package io.turboqueue;

import io.turboqueue.batch.BatchEngine;
import io.turboqueue.batch.JdbcEngine;
import io.turboqueue.batch.PagesEngine;
import io.turboqueue.directory.Claim;
import io.turboqueue.directory.ClaimReturns;
import io.turboqueue.directory.Desk;
import io.turboqueue.directory.DeskClearing;
import io.turboqueue.directory.FreeFiles;
import io.turboqueue.directory.Overtime;
import io.turboqueue.directory.QueueFolder;
import io.turboqueue.directory.QueueName;
import io.turboqueue.directory.SpoolFolder;
import io.turboqueue.directory.Transitions;
import io.turboqueue.io.Disk;
import io.turboqueue.io.FolderGoneException;
import io.turboqueue.waiting.Agenda;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a process holds while it works in a spool: a desk, an engine, two threads, and what was opened. Thread-safe. */
final class Session implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final double JITTER = 0.2;
    private static final int LOOKS_PER_LIMIT = 8;

    private final Disk disk;
    private final Clocks clocks;
    private final ConfigSource configs;
    private final Desk desk;
    private final Transitions transitions;
    private final BatchEngine jdbc;
    private final BatchEngine pages;
    private final Agenda lingering;
    private final Agenda upkeep;
    private final DeskClearing clearing;
    private final Overtime overtime;
    private final ClaimReturns returns;
    private final Set<Claim> strays = ConcurrentHashMap.newKeySet();
    private final Map<QueueName, Long> limits = new ConcurrentHashMap<>();
    private final Map<QueueName, FreeFiles> free = new ConcurrentHashMap<>();
    private final Map<QueueName, FreeFiles> syncedFree = new ConcurrentHashMap<>();
    private final Set<AutoCloseable> parts = ConcurrentHashMap.newKeySet();

    /** Finds the settings of a queue that this process may not have open. */
    interface ConfigSource {
        QueueConfig of(QueueName queue) throws IOException;
    }

    /** Opens a desk. */
    Session(Disk disk, SpoolFolder spool, Clocks clocks, ConfigSource configs) throws IOException {
        this.disk = disk;
        this.clocks = clocks;
        this.configs = configs;
        this.desk = Desk.open(disk, spool);
        this.transitions = new Transitions(disk, desk);
        this.jdbc = new JdbcEngine(disk);
        this.pages = new PagesEngine(disk);
        this.lingering = new Agenda(clocks.nanos());
        this.upkeep = new Agenda(clocks.nanos());
        this.returns = new ClaimReturns(disk, spool, this::maxAttempts);
        this.clearing = new DeskClearing(disk, spool, returns, clocks.nanos());
        this.overtime = new Overtime(disk, spool, returns, clocks.nanos());
    }

    Disk disk() {
        return disk;
    }

    Clocks clocks() {
        return clocks;
    }

    Desk desk() {
        return desk;
    }

    Transitions transitions() {
        return transitions;
    }

    /** Neither takes anything until it is used. */
    BatchEngine engine(Engine which) {
        return switch (which) {
            case JDBC -> jdbc;
            case PAGES -> pages;
        };
    }

    /** The emptied files of a queue. */
    FreeFiles free(QueueFolder queue, boolean power) {
        Map<QueueName, FreeFiles> files = power ? syncedFree : free;
        return files.computeIfAbsent(queue.name(), name -> new FreeFiles(disk, queue, clocks.nanos(), power));
    }

    /** Publishes batches whose linger is over. Apart from the upkeep, so that neither waits for the other. */
    Agenda lingering() {
        return lingering;
    }

    /** Looks for dead desks now, and again and again. */
    void startRecovery(Duration interval) {
        upkeep.start("turboqueue-upkeep");
        upkeep.after(0, () -> recover(interval));
    }

    private void recover(Duration interval) {
        boolean again = true;
        try {
            giveBackStrays();
            DeskClearing.Result result = clearing.runOnce();
            if (result.desks() > 0) {
                LOG.info("cleared the desks of dead processes: {}", result);
            }
        } catch (FolderGoneException gone) {
            again = false;
            LOG.warn("no more looking for desks of dead processes: {}", gone.getMessage());
        } catch (IOException failed) {
            LOG.warn("looking for desks of dead processes failed, tried again in {}: {}", interval, failed.toString());
        } finally {
            if (again) {
                double jitter = 1 + JITTER * (2 * ThreadLocalRandom.current().nextDouble() - 1);
                upkeep.after((long) (interval.toNanos() * jitter), () -> recover(interval));
            }
        }
    }

    /** A claim that could not be given back because the disk failed; nobody else may touch it while this process lives. */
    void giveBackLater(Claim claim) {
        strays.add(claim);
    }

    private void giveBackStrays() throws IOException {
        for (Claim claim : List.copyOf(strays)) {
            returns.giveBack(claim.path(), claim.entry());
            strays.remove(claim);
        }
    }

    /** Runs something short once on the upkeep's thread. */
    void later(long nanos, Runnable task) {
        upkeep.after(nanos, task);
    }

    /** From now on claims of this queue are taken back after so long. */
    void limit(QueueName queue, Duration limit) {
        if (limits.putIfAbsent(queue, limit.toNanos()) == null) {
            long pause = limit.toNanos() / LOOKS_PER_LIMIT;
            upkeep.after(pause, () -> takeBack(pause));
        }
    }

    private void takeBack(long pauseNanos) {
        try {
            int taken = overtime.runOnce(limits);
            if (taken > 0) {
                LOG.warn(
                        "took {} batches back from owners that held them for longer than delivery.maxProcessingTime",
                        taken);
            }
        } catch (IOException failed) {
            LOG.warn("looking for overdue claims failed: {}", failed.toString());
        } finally {
            upkeep.after(pauseNanos, () -> takeBack(pauseNanos));
        }
    }

    /** Without readable settings nothing is given up for dead: it may come back too often, but is not set aside. */
    private int maxAttempts(QueueName queue) {
        try {
            return configs.of(queue).maxAttempts();
        } catch (IOException | IllegalArgumentException unreadable) {
            LOG.warn(
                    "the settings of queue {} cannot be read, so its attempts are not limited now: {}",
                    queue,
                    unreadable.getMessage());
            return Integer.MAX_VALUE;
        }
    }

    /** Remembers a part that must be closed with the session. */
    void opened(AutoCloseable part) {
        parts.add(part);
    }

    /** Forgets a part that was closed. */
    void closed(AutoCloseable part) {
        parts.remove(part);
    }

    /**
     * In the order in which data flows: nothing is claimed any more, what was produced is published, the desk is left. What
     * fails keeps nothing else from being closed.
     */
    @Override
    public void close() throws IOException {
        try (jdbc;
                pages;
                upkeep;
                lingering) {
            producers().forEach(QueueProducer::stopWaiting);
            parts.forEach(Session::closeIfReading);
            closeProducers();
        } finally {
            clearing.leave(desk);
        }
    }

    private List<QueueProducer<?>> producers() {
        List<QueueProducer<?>> producers = new ArrayList<>();
        for (AutoCloseable part : parts) {
            if (part instanceof QueueProducer<?> producer) {
                producers.add(producer);
            }
        }
        return producers;
    }

    private static void closeIfReading(AutoCloseable part) {
        if (part instanceof QueueWorkers workers) {
            workers.close();
        } else if (part instanceof QueueConsumer<?> consumer) {
            consumer.close();
        }
    }

    private void closeProducers() throws IOException {
        IOException failure = null;
        for (QueueProducer<?> producer : producers()) {
            try {
                producer.close();
            } catch (IOException failed) {
                LOG.error("{} buffered messages could not be published and are lost", producer.abandon());
                if (failure != null) {
                    failed.addSuppressed(failure);
                }
                failure = failed;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
