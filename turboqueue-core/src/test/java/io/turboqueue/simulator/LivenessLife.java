package io.turboqueue.simulator;

import io.turboqueue.layout.OwnerName;
import io.turboqueue.owner.LocalOwnersOfTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Minutes in the life of owners and of those that look whether they live, in one thread and repeatable with the same
 * seed. Locks are dropped, lock files removed, sessions forgotten; processes end, become zombies, stop, and cannot be seen;
 * looks are paused at any step. Who shows life once per second is never robbed, and what others leave comes back in time.
 */
final class LivenessLife {

    private static final long SECOND = OwnerProcess.SECOND;
    private static final long TROUBLE = 40 * SECOND;
    private static final long MAX_PAUSE = 20 * SECOND;
    private static final long MAX_TURN = 3 * SECOND / 2;
    private static final long MAX_INTERVAL = 5 * SECOND;
    private static final long PATIENCE_WITH_PROCESS = 600 * SECOND;
    private static final int MAX_PROCESSES = 5;

    private final World world;
    private final LivenessFlaw flaw;
    private final List<Turn> turns = new ArrayList<>();
    private final List<OwnerProcess> processes = new ArrayList<>();
    private final Deque<Turn> busy = new ArrayDeque<>();
    private @Nullable Player current;
    private final boolean containers;
    private int started;
    private long trouble;

    private interface Action {
        void run() throws IOException;
    }

    /** What a process does again and again on one of its threads. */
    private static final class Turn {
        final OwnerProcess process;
        final long every;
        final Action action;

        /** Whether it shows life by it, so that it takes no longer than it may. */
        final boolean prompt;

        long due;
        long deadline = Long.MAX_VALUE;

        Turn(OwnerProcess process, long every, boolean prompt, Action action) {
            this.process = process;
            this.every = every;
            this.prompt = prompt;
            this.action = action;
        }
    }

    private LivenessLife(World world, LivenessFlaw flaw) {
        this.world = world;
        this.flaw = flaw;
        this.containers = world.random.nextInt(3) > 0;
        world.disk.addFolder(Player.FOLDER.owners()).unsynced = false;
        world.others(this::pause);
    }

    /** Plays a seed; what went wrong, if anything did. */
    static Optional<String> play(long seed, LivenessFlaw flaw) {
        return play(World.steady(seed, false), flaw);
    }

    /** Plays a seed again and tells its story. */
    static String tell(long seed, LivenessFlaw flaw) {
        World world = World.steady(seed, true);
        Optional<String> wrong = play(world, flaw);
        return "seed " + seed + ": " + wrong.orElse("nothing is wrong") + "\n" + String.join("\n", world.history());
    }

    private static Optional<String> play(World world, LivenessFlaw flaw) {
        LivenessLife life = new LivenessLife(world, flaw);
        try {
            life.live();
            return Optional.empty();
        } catch (Violation violation) {
            return Optional.of(String.valueOf(violation.getMessage()));
        } finally {
            LocalOwnersOfTest.putAside(life.owners());
        }
    }

    private void live() {
        long end = world.nanos() + TROUBLE;
        while (world.nanos() < end) {
            pass(SECOND);
        }
        world.calmDown();
        start(false);
        pass(OwnerProcess.PATIENCE + 3 * MAX_INTERVAL);
        requireRecovered(OwnerProcess::isDead, "dead");
        requireClaims();
        processes.stream().filter(OwnerProcess::isMortal).forEach(OwnerProcess::leak);
        pass(PATIENCE_WITH_PROCESS + 3 * MAX_INTERVAL);
        requireRecovered(OwnerProcess::isOver, "dead or forgotten");
    }

    /** While one process is in the middle of an operation, and for how long the others can spare it. */
    private void pause() {
        pass(world.random.nextInt(4) == 0 ? world.random.nextLong(MAX_PAUSE) : world.random.nextLong(SECOND));
    }

    /** Lets time pass, and everybody do what is due, except who is in the middle of something. */
    private void pass(long duration) {
        long end = busy.stream().mapToLong(turn -> turn.deadline).reduce(world.nanos() + duration, Math::min);
        for (Turn next = next(end); next != null; next = next(end)) {
            world.pass(Math.max(0, next.due - world.nanos()));
            run(next);
            makeTrouble();
        }
        makeTrouble();
        world.pass(Math.max(0, end - world.nanos()));
    }

    private @Nullable Turn next(long end) {
        return turns.stream()
                .filter(turn -> !busy.contains(turn) && !turn.process.isOver() && !turn.process.isStalled())
                .filter(turn -> turn.due <= end && world.nanos() <= end)
                .min(Comparator.comparingLong(turn -> turn.due))
                .orElse(null);
    }

    private void run(Turn turn) {
        busy.push(turn);
        turn.deadline = turn.prompt ? world.nanos() + MAX_TURN : Long.MAX_VALUE;
        act(turn.process, turn.action);
        busy.pop();
        turn.due = Math.max(turn.due + turn.every, world.nanos());
    }

    /** Plays one process for a while: its directories are this JVM's own, those of the others are not. */
    private void act(@Nullable Player player, Action action) {
        Player outer = current;
        become(player);
        try {
            action.run();
        } catch (IOException failed) {
            if (world.isCalm()) {
                throw new Violation(player + " fails on a healthy disk: " + failed);
            }
            world.note(() -> player + " meets an error: " + failed.getMessage());
        } catch (DiedException died) {
            LocalOwnersOfTest.forget(owners());
        } finally {
            become(outer);
        }
    }

    private void become(@Nullable Player player) {
        List<String> own = LocalOwnersOfTest.putAside(owners());
        if (current != null) {
            current.ownOwners.clear();
            current.ownOwners.addAll(own);
        }
        current = player;
        if (player != null) {
            LocalOwnersOfTest.takeBack(player.ownOwners);
        }
    }

    /** By their names in use. */
    private List<String> owners() {
        MemoryDisk.Folder owners = world.disk.folder(Player.FOLDER.owners());
        return owners == null
                ? List.of()
                : world.disk.names(owners).stream()
                        .map(name -> name.replaceFirst("^(?:\\.new-|left-)", ""))
                        .toList();
    }

    private void makeTrouble() {
        if (world.isCalm() || world.nanos() < trouble) {
            return;
        }
        trouble = world.nanos() + world.random.nextLong(SECOND);
        List<OwnerProcess> living =
                processes.stream().filter(process -> !process.isDead()).toList();
        if (living.isEmpty()) {
            start(true);
            return;
        }
        OwnerProcess process = living.get(world.random.nextInt(living.size()));
        int dice = world.random.nextInt(32);
        if (dice < 12) {
            world.note(() -> "a foreign close drops the locks of " + process);
            process.dropLocks();
        } else if (dice < 20) {
            removeLockFiles(process);
        } else if (dice < 24 && processes.stream().filter(one -> !one.isOver()).count() < MAX_PROCESSES) {
            start(true);
        } else if (!process.isOver() && busy.stream().noneMatch(turn -> turn.process == process)) {
            trouble(process, dice);
        }
    }

    private void trouble(OwnerProcess process, int dice) {
        switch (dice) {
            case 24 -> kill(process);
            case 25 -> {
                world.note(() -> "the session of " + process + " is forgotten");
                process.leak();
            }
            case 26 -> act(process, process::giveUp);
            case 27 -> act(process, process::leave);
            default -> {
                if (process.stops) {
                    process.stall(world.random.nextLong(MAX_PAUSE));
                }
            }
        }
    }

    private void kill(OwnerProcess process) {
        world.note(() -> process + " is killed");
        process.die();
    }

    private void removeLockFiles(OwnerProcess process) {
        MemoryDisk.Folder directory = world.disk.folder(process.directory());
        if (directory == null) {
            return;
        }
        world.note(() -> "somebody removes the lock files of " + process);
        process.lockFileRemoved();
        for (MemoryDisk.Inode inode : List.copyOf(directory.files.values())) {
            Path path = inode.path;
            if (path != null && MemoryDisk.name(path).endsWith(".lock")) {
                world.disk.unlink(inode);
            }
        }
    }

    private void start(boolean mortal) {
        String name = "process " + ++started;
        Starting starting = new Starting(world, name);
        act(starting, () -> starting.open(flaw, mortal, containers));
        starting.opened.ifPresent(process -> {
            process.ownOwners.addAll(starting.ownOwners);
            processes.add(process);
            add(new Turn(process, SECOND, !process.stops, process::step));
            add(new Turn(process, process.interval, false, process::recover));
            if (process.foreignCloses > 0) {
                add(new Turn(process, process.foreignCloses, false, process::dropLocks));
            }
        });
    }

    private void add(Turn turn) {
        turn.due = world.nanos();
        turns.add(turn);
    }

    private void requireClaims() {
        processes.stream().filter(process -> !process.isOver()).forEach(OwnerProcess::requireClaims);
    }

    private interface Kind {
        boolean has(OwnerProcess process);
    }

    private void requireRecovered(Kind kind, String words) {
        MemoryDisk.Folder owners = world.disk.folder(Player.FOLDER.owners());
        for (String directory : owners == null ? List.<String>of() : world.disk.names(owners)) {
            OwnerName name = OwnerName.parse(directory).orElseThrow();
            OwnerProcess owner = (OwnerProcess) world.process(name.process().pid());
            if (kind.has(owner) || name.form() == OwnerName.Form.LEFT) {
                throw new Violation(
                        "what " + owner + " left, who is " + words + ", does not come back: " + name.label());
            }
        }
    }

    /** A process before it has a directory. */
    private static final class Starting extends Player {
        private final String name;
        private Optional<OwnerProcess> opened = Optional.empty();

        Starting(World world, String name) {
            super(world, name);
            this.name = name;
        }

        void open(LivenessFlaw flaw, boolean mortal, boolean containers) {
            try {
                opened = Optional.of(new OwnerProcess(world, name, flaw, mortal, containers));
            } catch (IOException failed) {
                world.note(() -> name + " cannot start: " + failed.getMessage());
            }
        }

        @Override
        void step() {}

        @Override
        boolean mayDelete(Path batch) {
            return false;
        }
    }
}
