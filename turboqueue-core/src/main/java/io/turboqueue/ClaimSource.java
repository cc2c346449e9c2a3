package io.turboqueue;

import io.turboqueue.ExclusiveAttempts.Turn;
import io.turboqueue.batch.BatchSeal;
import io.turboqueue.batch.BatchTooLargeException;
import io.turboqueue.batch.Damage;
import io.turboqueue.batch.DamagedBatchException;
import io.turboqueue.batch.StoredMessages;
import io.turboqueue.batch.UnsupportedBatchException;
import io.turboqueue.config.Setting;
import io.turboqueue.disk.FolderGoneException;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.DeadName;
import io.turboqueue.protocol.Claim;
import io.turboqueue.protocol.DelayedPromoter;
import io.turboqueue.protocol.ReadyListing;
import io.turboqueue.protocol.Transitions;
import io.turboqueue.scan.BatchReading;
import io.turboqueue.waiting.DirectorySignal;
import io.turboqueue.waiting.DirectoryWatcher;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds, claims and opens batches for a queue's consumers in this process, which share one listing of its folder.
 * Thread-safe.
 */
final class ClaimSource<T> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ClaimSource.class);

    private static final int MAX_REFUSALS = 64; // of one look: then it is the disk

    private static final String RAISE =
            "; raise " + Setting.MAX_BATCH_MEMORY.key() + " to read it, or the heap, of which a batch may take half";

    private final QueueContext<T> queue;
    private final Transitions transitions;
    private final ReadyListing listing;
    private final DelayedPromoter promoter;
    private final DirectorySignal signal;
    private final long mostMemory;
    private final ExclusiveAttempts lastAttempts;
    private final AtomicLong claimConflicts = new AtomicLong();

    /** Makes the queue's folder if it is not there, and watches it. */
    ClaimSource(QueueContext<T> queue) throws IOException {
        Session session = queue.session();
        this.queue = queue;
        this.mostMemory = mostMemory(queue.config(), Runtime.getRuntime().maxMemory());
        this.transitions = session.transitions();
        this.lastAttempts = session.lastAttempts();
        this.listing = new ReadyListing(
                session.disk(), queue.folder(), session.clocks().nanos());
        this.promoter = session.promoter(queue.folder());
        this.signal = DirectoryWatcher.shared().signal(queue.folder().ensure(session.disk(), BatchState.READY));
    }

    /** What a batch may take of a heap of that many bytes: one that takes all of it would end the process. */
    static long mostMemory(QueueConfig config, long heap) {
        return Math.min(config.maxBatchMemory(), heap / 2);
    }

    DirectorySignal signal() {
        return signal;
    }

    long claimConflicts() {
        return claimConflicts.get();
    }

    /** Makes due batches ready; milliseconds until the next one is due. */
    long promote() throws IOException {
        long millis = promoter.runOnce();
        if (millis != Long.MAX_VALUE) {
            queue.session().promoteOverdueFromNowOn();
        }
        return millis;
    }

    /**
     * Claims and opens the next batch; null if there is none. A queue whose folder was deleted is empty until somebody
     * makes it again. A candidate that cannot be claimed keeps none of the others from it. Null, too, while a batch is to be
     * handled alone in this process.
     *
     * @param nanos how long to wait for this process to be idle, if the next batch is to be handled alone
     * @param stop ends that waiting
     * @throws FolderGoneException if the spool is gone
     * @throws IOException if there is none, and what there is could not be claimed
     */
    @Nullable
    ClaimedBatch<T> tryClaim(long nanos, BooleanSupplier stop) throws IOException, InterruptedException {
        try {
            return tryClaimListed(nanos, stop);
        } catch (FolderGoneException gone) {
            queue.session().owner().ensureHere();
            return null;
        }
    }

    /** Two listings without a candidate mean none: one alone may have missed what was renamed meanwhile. */
    private @Nullable ClaimedBatch<T> tryClaimListed(long nanos, BooleanSupplier stop)
            throws IOException, InterruptedException {
        int emptyListings = 0;
        List<IOException> refusals = new ArrayList<>(0);
        while (emptyListings < 2 && refusals.size() < MAX_REFUSALS && !lastAttempts.isTaken()) {
            BatchName candidate = listing.next();
            if (candidate == null) {
                emptyListings = listing.refresh() && refusals.isEmpty() ? 0 : emptyListings + 1;
                continue;
            }
            Turn turn = null;
            if (queue.mustBeAlone(candidate)) {
                turn = lastAttempts.take(candidate.id(), nanos, stop);
                if (turn == null) {
                    return null;
                }
            }
            ClaimedBatch<T> batch = tryClaim(candidate, turn, refusals);
            if (batch != null) {
                return batch;
            }
        }
        if (!refusals.isEmpty()) {
            throw refusals.get(0);
        }
        queue.session().owner().ensureHere();
        return null;
    }

    private @Nullable ClaimedBatch<T> tryClaim(BatchName candidate, @Nullable Turn turn, List<IOException> refusals)
            throws IOException, InterruptedException {
        ClaimedBatch<T> batch = null;
        try {
            Claim claim = claim(candidate, refusals);
            batch = claim == null ? null : open(claim, turn);
            return batch;
        } finally {
            if (batch == null) {
                lastAttempts.end(turn);
            }
        }
    }

    private @Nullable Claim claim(BatchName candidate, List<IOException> refusals) throws IOException {
        Claim claim;
        try {
            claim = transitions.claim(queue.folder(), candidate);
        } catch (FolderGoneException gone) {
            throw gone;
        } catch (IOException refused) {
            if (!listing.leave(candidate, refused)) {
                refusals.add(refused);
            }
            return null;
        }
        if (claim == null) {
            claimConflicts.incrementAndGet();
            listing.lost();
            return null;
        }
        listing.won();
        return claim;
    }

    /** Whatever happens, a claim that is not handed out is given back: nobody else can do it while this process lives. */
    private @Nullable ClaimedBatch<T> open(Claim claim, @Nullable Turn turn) throws IOException, InterruptedException {
        boolean settled = false;
        try {
            ClaimedBatch<T> batch = openOrSettle(claim, turn);
            settled = true;
            return batch;
        } catch (ClosedByInterruptException | InterruptedIOException interrupted) {
            transitions.unclaim(claim);
            settled = true;
            Thread.interrupted();
            throw new InterruptedException("interrupted while opening a batch");
        } catch (IOException diskAtFault) {
            boolean stillMine = transitions.unclaimUntil(claim, queue.retryAtMillis(claim.batch()));
            settled = true;
            if (stillMine) {
                throw diskAtFault;
            }
            return null;
        } finally {
            if (!settled) {
                queue.session().requeueLater(claim);
            }
        }
    }

    /** A file at fault is set aside; an IOException from here means that the disk is. */
    private @Nullable ClaimedBatch<T> openOrSettle(Claim claim, @Nullable Turn turn) throws IOException {
        try {
            requireClosedByWriter(claim);
            return opened(claim, read(claim), turn);
        } catch (DamagedBatchException damaged) {
            deadLetter(claim, damaged);
            return null;
        } catch (UnsupportedBatchException left) {
            LOG.warn(
                    "queue {}: batch {} is left for others: {}",
                    queue.folder().name(),
                    claim.batch(),
                    left instanceof BatchTooLargeException ? left.getMessage() + RAISE : left.getMessage());
            listing.skip(claim.batch());
            transitions.unclaim(claim);
            return null;
        }
    }

    /** The seal of a batch of this library's proves it. */
    private void requireClosedByWriter(Claim claim) throws IOException {
        if (claim.batch().contents() == null && transitions.isUnfinished(claim)) {
            throw new DamagedBatchException(Damage.JOURNAL, BatchReading.NOT_CLOSED);
        }
    }

    private StoredMessages read(Claim claim) throws IOException {
        BatchSeal seal = BatchReading.seal(claim.batch());
        try {
            return queue.engine().read(claim.path(), seal, mostMemory);
        } catch (NoSuchFileException moved) {
            if (transitions.pathOf(claim).equals(claim.path())) {
                throw moved;
            }
            return queue.engine().read(transitions.pathOf(claim), seal, mostMemory);
        }
    }

    private @Nullable ClaimedBatch<T> opened(Claim claim, StoredMessages messages, @Nullable Turn turn)
            throws IOException {
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
        if (!queue.isNextCondemned(claim.batch())) {
            return new ClaimedBatch<>(queue, claim, messages, turn);
        }
        Claim rest = new PoisonMessage<>(queue, claim, messages).setAside();
        lastAttempts.end(turn);
        return rest == null ? null : new ClaimedBatch<>(queue, rest, messages, null);
    }

    private void deadLetter(Claim claim, DamagedBatchException damaged) throws IOException {
        DeadName name = new DeadName(claim.batch(), damaged.damage().reason());
        LOG.warn(
                "queue {}: batch {} goes to dead/ ({}): {}",
                queue.folder().name(),
                claim.batch(),
                name.reason(),
                damaged.damage() == Damage.MEMORY ? damaged.getMessage() + RAISE : damaged.getMessage());
        transitions.deadLetter(claim, name);
    }

    @Override
    public void close() {
        signal.close();
    }
}
