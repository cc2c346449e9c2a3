package io.turboqueue.simulator;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Everything the simulated processes share: chance, time, the disk, the truth, and the history if it is wanted. */
final class World {

    static final Path SPOOL = Path.of("/simulated");
    private static final long START_MILLIS = 1_763_740_681_123L;
    private static final int MAX_DEPTH = 3;

    /** Lets another process do a step while one is in the middle of an operation. */
    interface Others {
        void step();
    }

    final SplittableRandom random;
    final Flaw flaw;
    final MemoryDisk disk = new MemoryDisk(SPOOL);
    final Map<String, Batch> batches = new LinkedHashMap<>();
    final Referee referee = new Referee(this);
    final boolean lease;
    private final boolean steady;
    private final List<Player> processes = new ArrayList<>();
    private final @Nullable List<String> history;
    private Others others = () -> {};
    private long nanos = 1_000_000_000L;
    private long skewMillis;
    private long wallShown;
    private long fullUntil = Long.MIN_VALUE;
    private boolean calm;
    private int depth;

    World(long seed, Flaw flaw, boolean recorded) {
        this(seed, flaw, recorded, false);
    }

    private World(long seed, Flaw flaw, boolean recorded, boolean steady) {
        this.random = new SplittableRandom(seed);
        this.flaw = flaw;
        this.history = recorded ? new ArrayList<>() : null;
        this.steady = steady;
        this.lease = !steady && random.nextInt(2) == 0;
    }

    /** One whose disk never fails, and in which much time passes only while the others do what is due. */
    static World steady(long seed, boolean recorded) {
        return new World(seed, Flaw.NONE, recorded, true);
    }

    /** The new process's number. */
    long register(Player player) {
        processes.add(player);
        return processes.size();
    }

    Player process(long pid) {
        return processes.get((int) pid - 1);
    }

    void others(Others stepping) {
        this.others = stepping;
    }

    /** No more faults, deaths or delays: what is promised must come true now. */
    void calmDown() {
        calm = true;
        fullUntil = Long.MIN_VALUE;
    }

    boolean isCalm() {
        return calm;
    }

    long nanos() {
        return nanos;
    }

    void pass(long duration) {
        nanos += duration;
    }

    /** The wall clock; each look at it shows another millisecond, so that no two batches are due at the same time. */
    long wallMillis() {
        wallShown++;
        return START_MILLIS + skewMillis + wallShown + nanos / 1_000_000;
    }

    void setClock(long millis) {
        skewMillis += millis;
        note(() -> "the wall clock is set by " + millis / 3_600_000 + " hours");
    }

    void fillDisk(long duration) {
        fullUntil = nanos + duration;
        note(() -> "the disk is full for " + duration / 1_000_000 + " ms");
    }

    boolean chance(int oneIn) {
        return !calm && random.nextInt(oneIn) == 0;
    }

    /** Time passes, now and then a lot of it, and now and then others are faster. */
    void beforeOperation() {
        nanos += 2_000 + random.nextInt(20_000);
        if (calm) {
            return;
        }
        int dice = random.nextInt(512);
        if (dice < 2 && !steady) {
            nanos += random.nextInt(2_000_000_000);
        } else if (dice < 16) {
            interleave();
        }
    }

    void interleave() {
        if (calm || depth >= MAX_DEPTH) {
            return;
        }
        depth++;
        try {
            others.step();
        } finally {
            depth--;
        }
    }

    /** What a broken disk says, if it is broken just now. */
    void mayFail(boolean needsSpace, String what, Path path) throws FaultException {
        if (calm || steady) {
            return;
        }
        if (needsSpace && nanos < fullUntil) {
            note(() -> "  no space left: " + what + " " + Place.words(path));
            throw new FaultException("No space left on device");
        }
        if (random.nextInt(400) == 0) {
            note(() -> "  input/output error: " + what + " " + Place.words(path));
            throw new FaultException("Input/output error");
        }
    }

    void note(Supplier<String> line) {
        if (history != null) {
            history.add(String.format("%9.3f s %s%s", nanos / 1e9, "  ".repeat(depth), line.get()));
        }
    }

    List<String> history() {
        return history == null ? List.of() : history;
    }
}
