package io.turboqueue.simulator;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.LocalDisk;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.QueueFolder;
import io.turboqueue.layout.QueueName;
import io.turboqueue.layout.SpoolFolder;
import io.turboqueue.owner.ClaimRequeue;
import io.turboqueue.owner.OwnerDirectory;
import io.turboqueue.owner.ProcFolder;
import io.turboqueue.protocol.Claim;
import io.turboqueue.protocol.Transitions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A life of a queue with messages that kill whoever handles them: processes of several threads claim, begin, handle, and
 * die, interleaved by chance and the same again with the same seed. Its referee knows which messages are deadly.
 */
final class PoisonLife implements AutoCloseable {

    private static final int LIMIT = 4;
    private static final int PROCESSES = 2;
    private static final int THREADS = 3;
    private static final int MAX_STEPS = 20_000;

    /** What is done wrong on purpose. */
    enum Flaw {
        NONE,
        /** A checkpoint starts the count of deliveries from 0. */
        RESETS_DELIVERIES,
        /** The last attempt is made like any other. */
        LAST_ATTEMPT_IN_COMPANY,
        /** Every death is taken for one at the message after the offset. */
        BLAMES_THE_FIRST
    }

    private final Random random;
    private final Flaw flaw;
    private final Disk disk = new LocalDisk();
    private final SpoolFolder spool;
    private final QueueFolder queue;
    private final ClaimRequeue returns;
    private final Map<String, Truth> batches = new LinkedHashMap<>();
    private final List<Living> living = new ArrayList<>();
    private int killsLeft = LIMIT - 2; // from outside
    private int claims;

    /** What is true of a batch. */
    private static final class Truth {
        final int rows;
        final BitSet deadly = new BitSet();
        final BitSet seen = new BitSet();
        final BitSet handled = new BitSet();
        final BitSet dead = new BitSet();

        Truth(int rows) {
            this.rows = rows;
        }

        boolean isOver() {
            BitSet gone = (BitSet) handled.clone();
            gone.or(dead);
            return gone.cardinality() == rows;
        }
    }

    /** A process. */
    private static final class Living {
        final OwnerDirectory owner;
        final Transitions transitions;
        final List<Work> threads = new ArrayList<>();

        @Nullable
        Work alone;

        @Nullable
        Work wantsToBeAlone;

        Living(Disk disk, SpoolFolder spool) throws IOException {
            owner = OwnerDirectory.open(disk, spool, ProcFolder.SYSTEM);
            transitions = new Transitions(disk, owner, (of, delayed) -> {});
            for (int i = 0; i < THREADS; i++) {
                threads.add(new Work());
            }
        }

        boolean isIdle() {
            return threads.stream().noneMatch(thread -> thread.begun);
        }
    }

    /** What one of its threads is doing. */
    private static final class Work {
        @Nullable
        Claim claim;

        Truth batch = new Truth(0);
        int next;
        boolean begun;
        boolean careful;
    }

    PoisonLife(Path folder, long seed, Flaw flaw) throws IOException {
        this.random = new Random(seed);
        this.flaw = flaw;
        this.spool = SpoolFolder.openOrCreate(disk, folder);
        spool.ensureOwners(disk);
        this.queue = spool.queue(new QueueName("q"));
        this.returns = new ClaimRequeue(disk, spool, name -> LIMIT);
        queue.ensure(disk, BatchState.READY);
        for (int i = 0; i < 4; i++) {
            publish(i);
        }
    }

    private void publish(int number) throws IOException {
        Truth batch = new Truth(1 + random.nextInt(6));
        for (int deadly = random.nextInt(3); deadly > 0; deadly--) {
            batch.deadly.set(random.nextInt(batch.rows));
        }
        String id = "b" + number;
        batches.put(id, batch);
        BatchName name = new BatchName(5, number, id, new BatchName.Contents(batch.rows, 100, 0));
        disk.create(queue.of(BatchState.READY, name)).close();
    }

    /** Lives until every message was handled or is dead. */
    void live() throws IOException {
        int steps = 0;
        while (!batches.values().stream().allMatch(Truth::isOver)) {
            steps++;
            require(steps < MAX_STEPS, "it never ends");
            step();
        }
        for (Truth batch : batches.values()) {
            require(batch.dead.equals(batch.deadly), "a deadly message was handled");
        }
    }

    private static void require(boolean right, String wrong) {
        if (!right) {
            throw new Violation(wrong);
        }
    }

    private void step() throws IOException {
        if (living.size() < PROCESSES) {
            living.add(new Living(disk, spool));
        }
        Living process = living.get(random.nextInt(living.size()));
        if (killsLeft > 0 && process.alone == null && random.nextInt(200) == 0) {
            killsLeft--;
            die(process);
            return;
        }
        Work work = process.threads.get(random.nextInt(THREADS));
        if (work.claim == null) {
            claim(process, work);
        } else if (work.begun) {
            finish(process, work);
        } else {
            begin(process, work);
        }
    }

    private void claim(Living process, Work work) throws IOException {
        if (process.alone != null || (process.wantsToBeAlone != null && process.wantsToBeAlone != work)) {
            return;
        }
        process.wantsToBeAlone = null;
        BatchName name = anyReady();
        if (name == null) {
            return;
        }
        boolean mustBeAlone = name.failures() >= LIMIT - 1 && flaw != Flaw.LAST_ATTEMPT_IN_COMPANY;
        if (mustBeAlone && !process.isIdle()) {
            process.wantsToBeAlone = work;
            return;
        }
        Claim claim = process.transitions.claim(queue, name);
        if (claim == null) {
            throw new Violation("nobody else claims");
        }
        claims++;
        work.claim = claim;
        work.batch = batches.get(name.id());
        work.next = (int) name.offset();
        work.careful = claim.batch().isBegun();
        process.alone = mustBeAlone ? work : null;
        if (work.careful && claim.batch().failures() >= LIMIT) {
            setAside(process, work, claim);
        }
    }

    private @Nullable BatchName anyReady() throws IOException {
        TreeSet<String> names = new TreeSet<>();
        disk.list(queue.of(BatchState.READY), names::add);
        if (names.isEmpty()) {
            return null;
        }
        int index = random.nextInt(names.size());
        return BatchName.parse(List.copyOf(names).get(index)).orElseThrow();
    }

    /** Published in dead/ first; whoever dies after that leaves the batch as it was. */
    private void setAside(Living process, Work work, Claim claim) throws IOException {
        require(work.batch.deadly.get(work.next), "a healthy message is dead: " + claim.batch());
        work.batch.dead.set(work.next);
        if (killsLeft > 0 && random.nextInt(3) == 0) {
            killsLeft--;
            die(process);
            return;
        }
        process.alone = null;
        work.claim = held(process.transitions.leaveOutNext(claim));
        work.next++;
        work.careful = false;
        ackIfDone(process, work);
    }

    private static Claim held(@Nullable Claim moved) {
        if (moved == null) {
            throw new Violation("a claim is lost that nobody took");
        }
        return moved;
    }

    private void begin(Living process, Work work) throws IOException {
        boolean othersTurn = process.alone != null && process.alone != work;
        if (othersTurn || process.wantsToBeAlone != null) {
            return;
        }
        Claim claim = held(work.claim);
        boolean second = claim.batch().isBegun() && work.next != claim.batch().offset();
        if (second && flaw != Flaw.BLAMES_THE_FIRST) {
            claim = held(process.transitions.checkpoint(claim, claim.batch().offset()));
            work.claim = claim;
        }
        require(
                !work.batch.seen.get(work.next) || claim.batch().attempt() > 0,
                "a message comes again, and the attempt does not say so: " + claim.batch());
        work.batch.seen.set(work.next);
        work.begun = true;
    }

    private void finish(Living process, Work work) throws IOException {
        if (work.batch.deadly.get(work.next)) {
            die(process);
            return;
        }
        work.batch.handled.set(work.next);
        work.begun = false;
        work.next++;
        boolean one = work.next == held(work.claim).batch().offset() + 1;
        boolean says = flaw == Flaw.BLAMES_THE_FIRST ? random.nextInt(3) == 0 : work.careful || random.nextInt(3) == 0;
        if (says) {
            checkpoint(process, work, one || flaw == Flaw.BLAMES_THE_FIRST);
        }
        ackIfDone(process, work);
    }

    private void checkpoint(Living process, Work work, boolean one) throws IOException {
        Claim claim = held(work.claim);
        Claim moved = held(
                one
                        ? process.transitions.checkpointAndBegin(claim, work.next)
                        : process.transitions.checkpoint(claim, work.next));
        work.claim = flaw == Flaw.RESETS_DELIVERIES ? withoutDeliveries(moved) : moved;
        if (process.alone == work) {
            process.alone = null;
        }
    }

    private Claim withoutDeliveries(Claim claim) throws IOException {
        BatchName name = claim.batch();
        BatchName.History reset =
                new BatchName.History(0, name.failures(), name.history().killed(), name.offset(), name.isBegun());
        BatchName renamed = new BatchName(name.priority(), name.dueMillis(), name.id(), name.contents(), reset);
        String file = claim.path().getFileName().toString();
        Path path = claim.path().resolveSibling(file.substring(0, file.lastIndexOf('~') + 1) + renamed.format());
        require(disk.rename(claim.path(), path), "a claim is lost that nobody took");
        return new Claim(claim.queue(), renamed, claim.number(), path);
    }

    private void ackIfDone(Living process, Work work) throws IOException {
        if (work.next == work.batch.rows) {
            require(process.transitions.ack(held(work.claim)), "a claim is lost that nobody took");
            work.claim = null;
            if (process.alone == work) {
                process.alone = null;
            }
        }
    }

    /** And is recovered. */
    private void die(Living process) throws IOException {
        living.remove(process);
        for (Work work : process.threads) {
            Claim claim = work.claim;
            if (claim != null) {
                ClaimRequeue.Outcome outcome = returns.requeue(claim.path(), claim.entry());
                require(outcome != ClaimRequeue.Outcome.DEAD, "a whole batch is dead: " + claim.batch());
                require(outcome == ClaimRequeue.Outcome.READY, "a claim is lost that nobody took");
            }
        }
        process.owner.close();
    }

    int claims() {
        return claims;
    }

    @Override
    public void close() throws IOException {
        for (Living process : living) {
            process.owner.close();
        }
    }
}
