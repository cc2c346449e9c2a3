package io.turboqueue;

import io.turboqueue.batch.Damage;
import io.turboqueue.batch.DamagedBatchException;
import io.turboqueue.batch.NewerFormatException;
import io.turboqueue.batch.StoredMessages;
import io.turboqueue.directory.BatchName;
import io.turboqueue.directory.Claim;
import io.turboqueue.directory.DeadName;
import io.turboqueue.directory.LaterPromoter;
import io.turboqueue.directory.ReadyListing;
import io.turboqueue.directory.State;
import io.turboqueue.directory.Transitions;
import io.turboqueue.inspect.BatchReading;
import io.turboqueue.waiting.FolderSignal;
import io.turboqueue.waiting.FolderWatch;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds, claims and opens batches for a queue's consumers in this process, which share one listing of its folder.
 * Thread-safe.
 */
final class ClaimSource<T> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ClaimSource.class);

    private final QueueContext<T> queue;
    private final Transitions transitions;
    private final ReadyListing listing;
    private final LaterPromoter promoter;
    private final FolderSignal signal;
    private final AtomicLong lostRaces = new AtomicLong();

    /** Makes the queue's folder if it is not there, and watches it. */
    ClaimSource(QueueContext<T> queue) throws IOException {
        Session session = queue.session();
        this.queue = queue;
        this.transitions = session.transitions();
        this.listing = new ReadyListing(
                session.disk(), queue.folder(), session.clocks().nanos());
        this.promoter = new LaterPromoter(
                session.disk(),
                queue.folder(),
                session.clocks().wall(),
                session.clocks().nanos());
        this.signal = FolderWatch.shared().signal(queue.folder().ensure(session.disk(), State.READY));
    }

    FolderSignal signal() {
        return signal;
    }

    long lostRaces() {
        return lostRaces.get();
    }

    /** Makes due batches ready; milliseconds until the next one is due. */
    long promote() throws IOException {
        return promoter.runOnce();
    }

    /**
     * Claims and opens the next batch; null if there is none. Two listings without a candidate mean none: one alone may
     * have missed what was renamed meanwhile.
     */
    @Nullable
    ClaimedBatch<T> tryClaim() throws IOException, InterruptedException {
        int emptyListings = 0;
        while (emptyListings < 2) {
            BatchName candidate = listing.next();
            if (candidate == null) {
                emptyListings = listing.refresh() ? 0 : emptyListings + 1;
                continue;
            }
            ClaimedBatch<T> batch = tryClaim(candidate);
            if (batch != null) {
                return batch;
            }
        }
        queue.session().desk().requireHere();
        return null;
    }

    private @Nullable ClaimedBatch<T> tryClaim(BatchName candidate) throws IOException, InterruptedException {
        Claim claim = transitions.claim(queue.folder(), candidate);
        if (claim == null) {
            lostRaces.incrementAndGet();
            listing.lost();
            return null;
        }
        listing.won();
        return open(claim);
    }

    /** Whatever happens, a claim that is not handed out is given back: nobody else can do it while this process lives. */
    private @Nullable ClaimedBatch<T> open(Claim claim) throws IOException, InterruptedException {
        boolean settled = false;
        try {
            ClaimedBatch<T> batch = openOrSettle(claim);
            settled = true;
            return batch;
        } catch (ClosedByInterruptException | InterruptedIOException interrupted) {
            transitions.putBack(claim);
            settled = true;
            Thread.interrupted();
            throw new InterruptedException("interrupted while opening a batch");
        } catch (IOException diskAtFault) {
            boolean stillMine = transitions.putBackAt(claim, queue.retryAtMillis(claim.batch()));
            settled = true;
            if (stillMine) {
                throw diskAtFault;
            }
            return null;
        } finally {
            if (!settled) {
                queue.session().giveBackLater(claim);
            }
        }
    }

    /** A file at fault is set aside; an IOException from here means that the disk is. */
    private @Nullable ClaimedBatch<T> openOrSettle(Claim claim) throws IOException {
        try {
            return opened(claim, queue.engine().read(claim.path(), BatchReading.seal(claim.batch())));
        } catch (DamagedBatchException damaged) {
            bury(claim, damaged);
            return null;
        } catch (NewerFormatException newer) {
            LOG.warn(
                    "queue {}: batch {} is left for others: {}",
                    queue.folder().name(),
                    claim.batch(),
                    newer.getMessage());
            listing.skip(claim.batch());
            transitions.putBack(claim);
            return null;
        }
    }

    private @Nullable ClaimedBatch<T> opened(Claim claim, StoredMessages messages) throws IOException {
        long done = claim.batch().offset();
        if (done > messages.size()) {
            throw new DamagedBatchException(
                    Damage.ROWS,
                    "the batch has " + messages.size() + " messages, its name says that " + done + " are done");
        }
        if (done == messages.size()) {
            transitions.ack(claim); // its owner died between the last checkpoint and the ack, or it is empty
            return null;
        }
        return new ClaimedBatch<>(queue, claim, messages);
    }

    private void bury(Claim claim, DamagedBatchException damaged) throws IOException {
        DeadName name = new DeadName(claim.batch(), damaged.damage().reason());
        LOG.warn(
                "queue {}: batch {} goes to dead/ ({}): {}",
                queue.folder().name(),
                claim.batch(),
                name.reason(),
                damaged.getMessage());
        transitions.deadLetter(claim, name);
    }

    @Override
    public void close() {
        signal.close();
    }
}
