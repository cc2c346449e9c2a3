package io.turboqueue.simulator;

import io.turboqueue.disk.DiskFile;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.PidScope;
import io.turboqueue.layout.ProcessIdentity;
import io.turboqueue.owner.ClaimRequeue;
import io.turboqueue.owner.OwnerDirectory;
import io.turboqueue.owner.OwnerRecovery;
import io.turboqueue.protocol.Claim;
import io.turboqueue.protocol.Transitions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process that holds claims for long, shows life, and looks whether the others live. */
final class OwnerProcess extends Player {

    static final long SECOND = 1_000_000_000L;
    static final long PATIENCE = 5 * SECOND;
    private static final long OWN_RENEWAL = 15 * SECOND;
    private static final int OWN_HASTE = 4;
    private static final int MAX_CLAIMS = 3;

    /** Stands still now and then for longer than others are patient. */
    final boolean stops;

    /** How long between two of its looks at the others. */
    final long interval;

    /** How often something in the process closes the files that it has locked; 0 if only by chance. */
    final long foreignCloses;

    private final LivenessFlaw flaw;
    private final String pids;
    private final boolean blind;
    private final boolean zombie;
    private final OwnerDirectory owner;
    private final Transitions transitions;
    private final OwnerRecovery recovery;
    private final List<Claim> claims = new ArrayList<>();
    private final boolean mortal;
    private long shown;
    private long longestSilence;
    private long renewed = Long.MIN_VALUE / 2;
    private boolean inDanger;
    private boolean over;

    /**
     * Opens its directory, which may fail or be its death.
     *
     * @param containers whether processes may be in two PID namespaces, and may be unable to see any other
     */
    OwnerProcess(World world, String name, LivenessFlaw flaw, boolean mortal, boolean containers) throws IOException {
        super(world, name);
        this.flaw = flaw;
        this.mortal = mortal;
        this.pids = String.valueOf(1 + world.random.nextInt(containers ? 2 : 1));
        this.blind = containers && mortal && world.random.nextInt(4) == 0;
        this.zombie = world.random.nextInt(3) == 0;
        this.stops = mortal && world.random.nextInt(3) == 0;
        this.interval = (1 + world.random.nextInt(mortal ? 200 : 50)) * SECOND / 10;
        this.foreignCloses = world.random.nextInt(3) == 0 ? (1 + world.random.nextInt(20)) * SECOND / 10 : 0;
        FlawedDisk flawed = new FlawedDisk(world, this, flaw);
        ClaimRequeue returns = new ClaimRequeue(flawed, FOLDER, queue -> WorkerProcess.MAX_ATTEMPTS);
        int haste = flaw == LivenessFlaw.USES_OWN_INTERVAL ? OWN_HASTE : 1;
        this.recovery = new OwnerRecovery(flawed, FOLDER, returns, this, () -> haste * world.nanos());
        this.owner = open(flawed);
        this.shown = world.nanos();
        this.transitions = new Transitions(flawed, owner, (queue, batch) -> {});
    }

    /** A process that cannot open one ends. */
    private OwnerDirectory open(FlawedDisk flawed) throws IOException {
        try {
            return OwnerDirectory.open(flawed, FOLDER, this);
        } catch (IOException failed) {
            die();
            throw failed;
        }
    }

    @Override
    public ProcessIdentity self() {
        ProcessIdentity known = super.self();
        return new ProcessIdentity(known.pid(), known.start(), new PidScope("b0071d00", pids, "1", "1", "0"));
    }

    @Override
    public Sight look(ProcessIdentity process) {
        if (blind || !process.scope().equals(self().scope())) {
            return flaw == LivenessFlaw.UNKNOWN_IS_DEAD ? Sight.GONE : Sight.UNKNOWN;
        }
        OwnerProcess other = (OwnerProcess) world.process(process.pid());
        boolean there = !other.isDead() || (other.zombie && flaw == LivenessFlaw.ZOMBIE_IS_ALIVE);
        return there ? Sight.PRESENT : Sight.GONE;
    }

    /** Its turn of every second: shows life, then works a little. A renewal that fails is tried again at the next. */
    @Override
    void step() throws IOException {
        long began = world.nanos();
        if (flaw != LivenessFlaw.USES_OWN_INTERVAL || began - renewed >= OWN_RENEWAL) {
            renewed = began;
            owner.renew(world.wallMillis());
        }
        longestSilence = silence();
        shown = began;
        work();
    }

    private long silence() {
        return Math.max(longestSilence, world.nanos() - shown);
    }

    private void work() throws IOException {
        if (world.isCalm()) {
            return;
        }
        if (claims.size() < MAX_CLAIMS) {
            claim();
        } else if (world.random.nextInt(8) == 0) {
            Claim done = claims.remove(0);
            if (!transitions.ack(done)) {
                requireDoubt(done);
            }
        }
    }

    private void claim() throws IOException {
        Batch batch = new Batch(world.batches.size(), 1, false);
        world.batches.put(batch.id, batch);
        Path loading = owner.loading(PLAIN.name(), batch.id);
        try (DiskFile file = disk.create(loading)) {
            file.write(ByteBuffer.wrap(batch.content), 0);
        }
        BatchName.Contents contents = new BatchName.Contents(batch.rows, batch.content.length, batch.crc32());
        BatchName name = new BatchName(5, world.wallMillis(), batch.id, contents);
        PLAIN.ensure(disk, BatchState.READY);
        transitions.publish(PLAIN, loading, BatchState.READY, name.format(), false);
        Claim claim = transitions.claim(PLAIN, name);
        if (claim != null) {
            claims.add(claim);
        }
    }

    /** Everything that it claimed and did not lose with good reason is still its own. */
    void requireClaims() {
        for (Claim claim : claims) {
            if (world.disk.file(owner.now(claim.path())) == null) {
                requireDoubt(claim);
            }
        }
    }

    private void requireDoubt(Claim lost) {
        if (!mayBeTakenForDead()) {
            throw new Violation(this + " lived and lost its claim " + Place.words(lost.path()));
        }
    }

    void recover() throws IOException {
        recovery.runOnce();
    }

    /** Its session ends; what it had claimed goes back. */
    void leave() throws IOException {
        over = true;
        recovery.leave(owner);
    }

    /** Its session ends and says so, with all its claims. */
    void giveUp() throws IOException {
        over = true;
        owner.close();
    }

    /** Its session is forgotten and says nothing: the lock is dropped with it, and the process lives on. */
    void leak() {
        over = true;
        dropLocks();
    }

    boolean isOver() {
        return over || isDead();
    }

    /** Something in the process opens and closes the files that it has locked. */
    void dropLocks() {
        inDanger = true;
        for (MemoryDisk.Inode inode : locks) {
            inode.lockedBy = inode.lockedBy == this ? null : inode.lockedBy;
        }
        locks.clear();
    }

    void lockFileRemoved() {
        inDanger = true;
    }

    Path directory() {
        return owner.path();
    }

    /** Only if its lock was lost at some time, and it had no turn for as long as others are patient. */
    @Override
    boolean mayBeTakenForDead() {
        return over || (inDanger && silence() >= PATIENCE);
    }

    @Override
    boolean isMortal() {
        return mortal;
    }

    @Override
    boolean mayDelete(Path batch) {
        return false;
    }
}
