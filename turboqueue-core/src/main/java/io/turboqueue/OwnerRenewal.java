package io.turboqueue;

import io.turboqueue.owner.OwnerDirectory;
import io.turboqueue.waiting.Scheduler;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows others once per second that this process lives, on a thread of its own, so that nothing slow delays it; and gives
 * the owner directory up when nobody uses the session any more, closed or not. It keeps nobody from being collected.
 */
final class OwnerRenewal implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OwnerRenewal.class);
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final OwnerDirectory owner;
    private final InstantSource wall;
    private final Scheduler agenda;
    private final WeakReference<?> user;
    private final List<AutoCloseable> abandoned;
    private boolean failing;

    /**
     * A renewal that does nothing yet.
     *
     * @param user in whose name it is done, for as long as that is reachable
     * @param abandoned to be closed when it is not
     */
    OwnerRenewal(OwnerDirectory owner, Clocks clocks, Object user, List<AutoCloseable> abandoned) {
        this.owner = owner;
        this.wall = clocks.wall();
        this.agenda = new Scheduler(clocks.nanos());
        this.user = new WeakReference<>(user);
        this.abandoned = abandoned;
    }

    /** Starts the thread. */
    void start() {
        agenda.start("turboqueue-renewal");
        agenda.after(PERIOD_NANOS, this::runOnce);
    }

    /** The duty. */
    void runOnce() {
        if (user.get() == null) {
            abandon();
            return;
        }
        try {
            owner.renew(wall.millis());
            failing = false;
        } catch (IOException failed) {
            if (!failing) {
                LOG.warn("{} cannot be renewed, tried again each second: {}", owner.path(), failed.toString());
                failing = true;
            }
        } finally {
            agenda.after(PERIOD_NANOS, this::runOnce);
        }
    }

    private void abandon() {
        LOG.warn("a spool was not closed and nobody uses it any more; what is in {} is given up", owner.path());
        closeLoudly(owner);
        abandoned.forEach(OwnerRenewal::closeLoudly);
        agenda.close();
    }

    private static void closeLoudly(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception failed) {
            LOG.warn("closing what an abandoned spool had open failed: {}", failed.toString());
        }
    }

    /** Ends the thread. The directory is for the caller to leave. */
    @Override
    public void close() {
        agenda.close();
    }
}
