package io.turboqueue.simulator;

import io.turboqueue.batch.DamagedBatchException;
import io.turboqueue.batch.StoredMessage;
import io.turboqueue.disk.DiskFile;
import io.turboqueue.disk.FolderGoneException;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.DeadName;
import io.turboqueue.layout.LockFile;
import io.turboqueue.layout.OwnerContents;
import io.turboqueue.layout.OwnerEntry;
import io.turboqueue.layout.OwnerName;
import io.turboqueue.layout.QueueFolder;
import io.turboqueue.owner.ClaimRequeue;
import io.turboqueue.owner.ClaimTimeout;
import io.turboqueue.owner.OwnerDirectory;
import io.turboqueue.owner.OwnerRecovery;
import io.turboqueue.protocol.Claim;
import io.turboqueue.protocol.Transitions;
import io.turboqueue.scan.BatchEntry;
import io.turboqueue.scan.BatchReading;
import io.turboqueue.time.NonDecreasingClock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A process that produces, consumes, promotes, inspects, and clears what others leave. */
final class WorkerProcess extends Player {

    static final int MAX_ATTEMPTS = 3;
    private static final int MAX_ROWS = 4;
    private static final int MAX_OPEN = 3;

    private final OwnerDirectory owner;
    private final Transitions transitions;
    private final ClaimRequeue returns;
    private final OwnerRecovery recovery;
    private final ClaimTimeout overtime;
    private final NonDecreasingClock clock;
    private final StandInEngine engine = new StandInEngine(disk);
    private final List<Lane> lanes;
    private final List<Filling> filling = new ArrayList<>();
    private final List<Held> held = new ArrayList<>();
    private final List<Claim> unsettled = new ArrayList<>();
    private final boolean mortal;
    private MemoryDisk.@Nullable Inode reading;
    private @Nullable String publishing;

    /** A batch on its way. */
    private record Filling(Batch batch, Lane lane, Path loading, DiskFile file) {}

    /** A batch claimed, and how far it was handled. */
    private static final class Held {
        final Lane lane;
        final Batch batch;
        Claim claim;
        int next;
        boolean acked;

        Held(Lane lane, Batch batch, Claim claim) {
            this.lane = lane;
            this.batch = batch;
            this.claim = claim;
            this.next = (int) claim.batch().offset();
        }
    }

    /** Opens an owner directory, which may fail or be its death. */
    WorkerProcess(World world, String name, boolean mortal) throws IOException {
        super(world, name);
        this.mortal = mortal;
        this.owner = openOwner();
        this.transitions = new Transitions(disk, owner, this::delayed);
        this.returns = new ClaimRequeue(disk, FOLDER, queue -> MAX_ATTEMPTS);
        this.recovery = new OwnerRecovery(disk, FOLDER, returns, this, world::nanos);
        this.overtime = new ClaimTimeout(disk, FOLDER, returns, world::nanos);
        this.clock = new NonDecreasingClock(() -> Instant.ofEpochMilli(world.wallMillis()));
        this.lanes = List.of(Lane.of(world, disk, PLAIN, false), Lane.of(world, disk, POWER, true));
    }

    /** A process that cannot open one ends. */
    private OwnerDirectory openOwner() throws IOException {
        try {
            return OwnerDirectory.open(disk, FOLDER, this);
        } catch (IOException failed) {
            die();
            throw failed;
        }
    }

    @Override
    boolean isMortal() {
        return mortal;
    }

    @Override
    boolean mayDelete(Path batch) {
        return io.turboqueue.simulator.Place.id(batch).equals(publishing);
    }

    private void delayed(QueueFolder queue, BatchName batch) {
        for (Lane lane : lanes) {
            if (lane.folder().equals(queue)) {
                lane.promoter().remember(batch);
            }
        }
    }

    private Lane anyLane() {
        return lanes.get(world.random.nextInt(lanes.size()));
    }

    @Override
    void step() throws IOException {
        switch (world.random.nextInt(16)) {
            case 0, 1, 2 -> fill(anyLane());
            case 3, 4, 5 -> publishOne();
            case 6, 7, 8 -> claim(anyLane());
            case 9, 10, 11 -> workOnOne();
            case 12, 13 -> lookAfterOthers();
            case 14 -> anyLane().promoter().runOnce();
            default -> inspect(anyLane());
        }
    }

    private void fill(Lane lane) throws IOException {
        if (filling.size() >= MAX_OPEN) {
            publishOne();
            return;
        }
        int number = world.batches.size();
        Batch batch = new Batch(number, 1 + world.random.nextInt(MAX_ROWS), lane.power());
        world.batches.put(batch.id, batch);
        Path loading = owner.loading(lane.folder().name(), batch.id);
        try {
            DiskFile file = lane.free().take(loading) ? disk.openToWrite(loading) : disk.create(loading);
            batch.inode = world.disk.file(loading);
            if (batch.inode != null) {
                batch.inode.batch = batch;
            }
            for (int row = 0; row < batch.rows; row++) {
                int at = row * Batch.ROW_BYTES;
                file.write(ByteBuffer.wrap(batch.content, at, Batch.ROW_BYTES), at);
            }
            filling.add(new Filling(batch, lane, loading, file));
        } catch (IOException failed) {
            disk.unlink(loading);
            throw failed;
        }
    }

    /** The steps of a publish. When one fails, the producer still has the messages. */
    private void publishOne() throws IOException {
        if (filling.isEmpty()) {
            return;
        }
        Filling next = filling.remove(world.random.nextInt(filling.size()));
        boolean power = next.lane.power() && world.flaw != Flaw.NO_SYNC_AT_POWER;
        BatchState to = world.random.nextInt(5) == 0 ? BatchState.DELAYED : BatchState.READY;
        folderSyncFailed = false;
        publishing = next.batch.id;
        try {
            if (power) {
                next.file.sync();
            }
            next.file.close();
            next.lane.folder().ensure(disk, to);
            if (power) {
                next.lane.folder().makeDurable(disk);
            }
            transitions.publish(
                    next.lane.folder(), next.loading, to, name(next.batch, to).format(), power);
            next.batch.returned = true;
            next.batch.power &=
                    !folderSyncFailed; // a consumer had it already: it counts as published, but may not last
            world.note(() -> this + " has published " + next.batch.id);
        } catch (IOException failed) {
            disk.unlink(next.loading);
            throw failed;
        } finally {
            publishing = null;
        }
    }

    private BatchName name(Batch batch, BatchState to) {
        long due = clock.millis() + (to == BatchState.DELAYED ? 1 + world.random.nextInt(5_000) : 0);
        BatchName.Contents contents = new BatchName.Contents(batch.rows, batch.content.length, batch.crc32());
        return new BatchName(world.random.nextInt(10), due, batch.id, contents);
    }

    /** As the consumer does it: two listings without a candidate mean that there is none. */
    private boolean claim(Lane lane) throws IOException {
        lane.folder().ensure(disk, BatchState.READY);
        int emptyListings = 0;
        while (emptyListings < 2) {
            BatchName candidate = lane.listing().next();
            if (candidate == null) {
                emptyListings = lane.listing().refresh() ? 0 : emptyListings + 1;
                continue;
            }
            Claim claim = transitions.claim(lane.folder(), candidate);
            if (claim != null) {
                lane.listing().won();
                open(lane, claim);
                return true;
            }
            lane.listing().lost();
        }
        owner.ensureHere();
        return false;
    }

    private void open(Lane lane, Claim claim) throws IOException {
        Batch batch = world.referee.batch(claim.path());
        boolean settled = false;
        try {
            List<StoredMessage> messages = read(claim);
            deliver(batch, claim, messages);
            settled = true;
            if (claim.batch().offset() == batch.rows) {
                settledOrLost(claim, transitions.ack(claim)); // its owner died between the last checkpoint and the ack
                return;
            }
            Held taken = new Held(lane, batch, claim);
            held.add(taken);
            if (world.flaw == Flaw.ACKS_FIRST) {
                taken.acked = true;
                transitions.ack(claim);
            }
        } catch (DamagedBatchException damaged) {
            world.referee.foundDamaged(this, batch);
            settledOrLost(
                    claim,
                    transitions.deadLetter(
                            claim, new DeadName(claim.batch(), damaged.damage().reason())));
            settled = true;
        } catch (FaultException | NoSuchFileException failed) {
            if (!settled) {
                settledOrLost(claim, transitions.unclaimUntil(claim, world.wallMillis() + 1000));
                settled = true;
            }
        } finally {
            if (!settled) {
                unsettled.add(claim);
            }
        }
    }

    private List<StoredMessage> read(Claim claim) throws IOException {
        reading = world.disk.file(claim.path());
        if (reading != null) {
            reading.readers++;
        }
        try {
            return engine.read(claim.path(), BatchReading.seal(claim.batch()));
        } finally {
            stopReading();
        }
    }

    private void stopReading() {
        if (reading != null && reading.readers > 0) {
            reading.readers--;
        }
        reading = null;
    }

    private void deliver(Batch batch, Claim claim, List<StoredMessage> messages) {
        boolean stillClaimed = world.disk.file(claim.path()) != null;
        if (stillClaimed) {
            world.referee.delivers(this, batch, claim.batch().attempt(), isWhole(batch, messages));
        }
        world.note(() -> this + " is delivered " + batch.id + ", attempt "
                + claim.batch().attempt() + (stillClaimed ? "" : ", but has lost it already"));
    }

    private static boolean isWhole(Batch batch, List<StoredMessage> messages) {
        for (int row = 0; row < messages.size(); row++) {
            int at = row * Batch.ROW_BYTES;
            if (row >= batch.rows
                    || !Arrays.equals(
                            messages.get(row).payload(), 0, Batch.ROW_BYTES, batch.content, at, at + Batch.ROW_BYTES)) {
                return false;
            }
        }
        return messages.size() == batch.rows;
    }

    private void settledOrLost(Claim claim, boolean done) {
        if (!done) {
            world.referee.lostClaim(this, claim.path());
            world.note(() -> this + " is told that its claim was lost");
        }
    }

    private void workOnOne() throws IOException {
        if (held.isEmpty()) {
            return;
        }
        Held one = held.get(world.random.nextInt(held.size()));
        boolean hasMore = one.next < one.batch.rows;
        switch (world.random.nextInt(16)) {
            case 0 -> checkpoint(one);
            case 1 -> checkpointed(one, transitions.renew(one.claim));
            case 2 -> settle(one, this::nack);
            case 3 -> settle(one, claim -> release(one, claim));
            case 4 ->
                settle(
                        one,
                        claim -> transitions.deadLetter(
                                claim, new DeadName(claim.batch().failed(), "rejected")));
            default -> {
                if (hasMore) {
                    one.batch.handled.set(one.next++);
                } else {
                    settle(one, claim -> transitions.ack(claim, one.lane.free()));
                }
            }
        }
    }

    private boolean release(Held one, Claim claim) throws IOException {
        boolean delivered = one.next > claim.batch().offset();
        return delivered ? transitions.putBackAfterDelivery(claim) : transitions.unclaim(claim);
    }

    private void checkpoint(Held one) throws IOException {
        if (one.next > one.claim.batch().offset()) {
            checkpointed(
                    one,
                    world.random.nextBoolean()
                            ? transitions.checkpoint(one.claim, one.next)
                            : transitions.checkpointAndBegin(one.claim, one.next));
        }
    }

    private void checkpointed(Held one, @Nullable Claim moved) {
        if (one.acked) {
            return;
        }
        if (moved == null) {
            held.remove(one);
            settledOrLost(one.claim, false);
        } else {
            one.claim = moved;
        }
    }

    private interface Settling {
        boolean on(Claim claim) throws IOException;
    }

    /** When the disk fails, the claim is kept and tried again, or left to the upkeep. */
    private void settle(Held one, Settling settling) throws IOException {
        if (one.acked) {
            held.remove(one);
            return;
        }
        boolean tried = false;
        try {
            boolean done = settling.on(one.claim);
            tried = true;
            held.remove(one);
            settledOrLost(one.claim, done);
        } finally {
            if (!tried && !isDead() && world.random.nextBoolean()) {
                held.remove(one);
                unsettled.add(one.claim);
            }
        }
    }

    private boolean nack(Claim claim) throws IOException {
        if (claim.batch().failures() + 1 >= MAX_ATTEMPTS) {
            return transitions.deadLetter(claim, new DeadName(claim.batch().failed(), DeadName.ATTEMPTS));
        }
        return world.random.nextBoolean()
                ? transitions.retry(claim)
                : transitions.retryAt(claim, world.wallMillis() + world.random.nextInt(3_000));
    }

    private void lookAfterOthers() throws IOException {
        for (Claim stray : List.copyOf(unsettled)) {
            returns.requeue(stray.path(), stray.entry());
            unsettled.remove(stray);
        }
        for (Lane lane : lanes) {
            lane.promoter().promoteOverdue();
        }
        if (world.flaw == Flaw.PROMOTES_LOADING) {
            promoteLoading();
        }
        if (world.flaw == Flaw.STEALS_BY_AGE) {
            stealByAge();
        }
        recovery.runOnce();
        if (world.lease) {
            overtime.runOnce(Map.of(PLAIN.name(), Referee.LEASE_NANOS, POWER.name(), Referee.LEASE_NANOS));
        }
    }

    /** As another queue does it when it starts. */
    private void promoteLoading() throws IOException {
        for (OwnerName name : FOLDER.ownerNames(disk)) {
            Path other = FOLDER.owners().resolve(name.format());
            if (!ownOwners.contains(name.format()) && !other.equals(owner.path())) {
                try (Closeable lock = disk.tryLock(other.resolve(LockFile.name(1)))) {
                    for (OwnerEntry entry : OwnerContents.of(disk, other).entries()) {
                        if (lock != null && entry instanceof OwnerEntry.Loading loading) {
                            promote(other.resolve(entry.format()), loading);
                        }
                    }
                }
            }
        }
    }

    private void promote(Path file, OwnerEntry.Loading loading) throws IOException {
        Batch batch = world.batches.get(loading.id());
        if (batch != null) {
            Path ready = FOLDER.queue(loading.queue()).ensure(disk, BatchState.READY);
            disk.rename(file, ready.resolve(name(batch, BatchState.READY).format()));
        }
    }

    private void stealByAge() throws IOException {
        for (OwnerName name : FOLDER.ownerNames(disk)) {
            Path other = FOLDER.owners().resolve(name.format());
            for (OwnerEntry entry : OwnerContents.of(disk, other).entries()) {
                Path path = other.resolve(entry.format());
                MemoryDisk.Inode inode = world.disk.file(path);
                boolean old = inode != null && world.nanos() - inode.writtenAt > Referee.LEASE_NANOS;
                if (old && entry instanceof OwnerEntry.Claimed claimed && !other.equals(owner.path())) {
                    returns.requeue(path, claimed);
                }
            }
        }
    }

    /** Reads what it has not claimed, as the command does. */
    private void inspect(Lane lane) throws IOException {
        List<BatchName> names = new ArrayList<>();
        try {
            disk.list(lane.folder().of(BatchState.READY), text -> BatchName.parse(text)
                    .ifPresent(names::add));
        } catch (FolderGoneException none) {
            return;
        }
        if (names.isEmpty()) {
            return;
        }
        BatchName name = names.get(world.random.nextInt(names.size()));
        Batch batch = world.referee.batch(lane.folder().of(BatchState.READY, name));
        BatchEntry entry = new BatchEntry(
                lane.folder().name(), BatchState.READY, name, lane.folder().of(BatchState.READY), name.format());
        try {
            Optional<List<StoredMessage>> read = new BatchReading(disk, engine).read(entry);
            if (read.isPresent() && !isWhole(batch, read.get())) {
                throw new Violation(this + " is shown something else than " + batch.id + " holds");
            }
        } catch (DamagedBatchException damaged) {
            world.referee.foundDamaged(this, batch);
        }
    }

    @Override
    void die() {
        super.die();
        stopReading();
    }

    /** Leaves as a process does that is asked to stop: what it still has goes back. */
    void leave() throws IOException {
        world.note(() -> this + " leaves");
        try {
            recovery.leave(owner);
        } finally {
            die();
        }
    }

    /** For the end: does everything there is to do in a queue, and nothing else. */
    void drain() throws IOException {
        recovery.runOnce();
        for (Lane lane : lanes) {
            lane.promoter().runOnce();
            boolean more = claim(lane);
            while (more || !held.isEmpty()) {
                for (Held one : List.copyOf(held)) {
                    one.batch.handled.set(one.next, one.batch.rows);
                    settle(one, claim -> transitions.ack(claim, lane.free()));
                }
                more = claim(lane);
            }
        }
    }
}
