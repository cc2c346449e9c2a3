package io.turboqueue.simulator;

import io.turboqueue.inspect.BatchState;
import io.turboqueue.owner.LocalOwnersOfTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One life of a spool: processes that come, work, stop and die, an operator, onlookers, a disk that fails and power that is
 * cut, all in one thread and all by chance, and repeatable with the same seed. In the end everything is drained.
 */
final class Simulation {

    private static final int STEPS = 60;
    private static final int MAX_PROCESSES = 4;
    private static final long DAY_MILLIS = 86_400_000L;

    /** Each step may set the clock back by a day, and a batch that was due before all of them must be due at the end. */
    private static final long BEYOND_ANY_STEP_BACK_MILLIS = (STEPS + 4) * DAY_MILLIS;

    private final World world;
    private final List<Player> players = new ArrayList<>();
    private final List<Player> busy = new ArrayList<>();
    private final Operator operator;
    private int processes;

    private Simulation(World world) {
        this.world = world;
        this.operator = new Operator(world);
        players.add(operator);
        world.disk.addFolder(Player.FOLDER.owners()).unsynced = false;
        world.others(this::someStep);
    }

    /** Plays a seed; what went wrong, if anything did. */
    static Optional<String> play(long seed, Flaw flaw) {
        return play(new World(seed, flaw, false));
    }

    /** Plays a seed again and tells its story. */
    static String tell(long seed, Flaw flaw) {
        World world = new World(seed, flaw, true);
        Optional<String> wrong = play(world);
        return "seed " + seed + ": " + wrong.orElse("nothing is wrong") + "\n" + String.join("\n", world.history());
    }

    private static Optional<String> play(World world) {
        Simulation simulation = new Simulation(world);
        try {
            for (int i = 0; i < STEPS; i++) {
                simulation.something();
            }
            simulation.finish();
            return Optional.empty();
        } catch (Violation violation) {
            return Optional.of(String.valueOf(violation.getMessage()));
        } finally {
            LocalOwnersOfTest.putAside(simulation.owners());
        }
    }

    private void something() {
        int dice = world.random.nextInt(400);
        if (dice >= 300) {
            world.pass(world.random.nextInt(1_000_000) * 1_000L);
            someStep();
        } else if (dice < 3 || dice == 60 || dice == 61) {
            cutPower();
        } else if (dice < 6) {
            world.setClock(world.random.nextBoolean() ? DAY_MILLIS + 7 : -DAY_MILLIS - 13);
        } else if (dice < 9) {
            world.fillDisk(world.random.nextInt(2_000_000_000));
        } else if (dice < 19) {
            copyAFile();
        } else if (dice < 23) {
            emptyFree();
        } else if (dice < 42 && players.size() <= MAX_PROCESSES) {
            start();
        } else if (dice < 50) {
            anyIdle().ifPresent(player -> player.stall(world.random.nextInt(20_000_000) * 1000L));
        } else if (dice < 55) {
            anyIdle().filter(WorkerProcess.class::isInstance).ifPresent(this::end);
        } else {
            someStep();
        }
    }

    private void someStep() {
        if (players.size() == 1) {
            start();
        }
        anyIdle().ifPresent(player -> act(player, player::step));
    }

    private Optional<Player> anyIdle() {
        List<Player> idle = new ArrayList<>();
        for (Player player : players) {
            if (!busy.contains(player) && !player.isStalled() && !player.isDead()) {
                idle.add(player);
            }
        }
        return idle.isEmpty() ? Optional.empty() : Optional.of(idle.get(world.random.nextInt(idle.size())));
    }

    private interface Action {
        void run() throws IOException;
    }

    /** Plays one process for a while: its owner directories are this JVM's own, those of the others are not. */
    private void act(Player player, Action action) {
        List<String> ofOuter = busy.isEmpty() ? List.of() : LocalOwnersOfTest.putAside(owners());
        LocalOwnersOfTest.takeBack(player.ownOwners);
        busy.add(player);
        try {
            action.run();
        } catch (IOException failed) {
            world.note(() -> player + " meets an error: " + failed.getMessage());
        } catch (DiedException died) {
            world.note(() -> player + " is dead");
        } finally {
            busy.remove(player);
            LocalOwnersOfTest.putAside(player.ownOwners);
            player.ownOwners.addAll(player instanceof Starting ? LocalOwnersOfTest.putAside(owners()) : List.of());
            LocalOwnersOfTest.takeBack(ofOuter);
            players.removeIf(Player::isDead);
        }
    }

    /** Those on disk, and what those will be called that are being opened. */
    private List<String> owners() {
        List<String> owners = new ArrayList<>();
        MemoryDisk.Folder folder = world.disk.folder(Player.FOLDER.owners());
        if (folder != null) {
            for (String name : world.disk.names(folder)) {
                owners.add(name);
                owners.add(name.replaceFirst("^(?:\\.new-|left-)", ""));
            }
        }
        return owners;
    }

    private void start() {
        String name = "process " + ++processes;
        world.note(() -> name + " starts");
        Starting starting = new Starting(world, name);
        act(starting, () -> starting.open(true));
        starting.opened.ifPresent(process -> {
            process.ownOwners.addAll(starting.ownOwners);
            players.add(process);
        });
    }

    private void end(Player player) {
        if (world.random.nextBoolean()) {
            act(player, ((WorkerProcess) player)::leave);
        } else {
            world.note(() -> player + " is killed");
            player.die();
            players.remove(player);
        }
    }

    private void cutPower() {
        world.note(() -> "the power is cut");
        for (Player player : List.copyOf(players)) {
            if (player != operator) {
                player.die();
                players.remove(player);
            }
        }
        world.disk.cutPower(world.random, world.nanos());
        world.referee.checkAfterCut();
    }

    /** Somebody makes a link to a batch's file, for a copy. */
    private void copyAFile() {
        for (MemoryDisk.Folder folder : world.disk.folders.values()) {
            for (MemoryDisk.Inode inode : folder.files.values()) {
                Path path = inode.path;
                if (path != null
                        && Place.of(path).isPublished()
                        && inode.copied == null
                        && world.random.nextInt(4) == 0) {
                    inode.copied = Arrays.copyOf(inode.bytes, inode.length);
                    world.note(() -> "somebody links to " + Place.words(path));
                    return;
                }
            }
        }
    }

    /** What is in free/ may be deleted at any time. */
    private void emptyFree() {
        for (MemoryDisk.Folder folder : world.disk.folders.values()) {
            if (MemoryDisk.name(folder.path).equals("free")) {
                List.copyOf(folder.files.values()).forEach(world.disk::unlink);
            }
        }
    }

    /** Everybody leaves, and one healthy process does what is left to do. */
    private void finish() {
        world.calmDown();
        for (Player player : List.copyOf(players)) {
            if (player != operator) {
                end(player);
            }
        }
        world.note(() -> "a healthy process drains everything");
        Starting starting = new Starting(world, "the last process");
        act(starting, () -> starting.open(false));
        WorkerProcess healthy = starting.opened.orElseThrow();
        healthy.ownOwners.addAll(starting.ownOwners);
        drain(healthy);
        requireNothingReady();
        world.setClock(BEYOND_ANY_STEP_BACK_MILLIS);
        drain(healthy);
        must(operator, () -> {
            operator.redrive(Player.PLAIN);
            operator.redrive(Player.POWER);
        });
        drain(healthy);
        must(healthy, healthy::leave);
        world.referee.checkAtRest();
    }

    private void drain(WorkerProcess healthy) {
        for (int round = 0; round < 3; round++) {
            world.pass(2_000_000_000L);
            must(operator, () -> {
                operator.letFlow(Player.PLAIN);
                operator.letFlow(Player.POWER);
            });
            must(healthy, healthy::drain);
        }
    }

    /** Whatever the clock says, what is ready is consumed. */
    private void requireNothingReady() {
        for (MemoryDisk.Folder folder : world.disk.folders.values()) {
            boolean ready = MemoryDisk.name(folder.path).equals(BatchState.READY.word());
            if (ready && !folder.files.isEmpty()) {
                throw new Violation("never delivered: " + folder.files.keySet());
            }
        }
    }

    /** Without faults nothing may fail. */
    private void must(Player player, Action action) {
        act(player, () -> {
            try {
                action.run();
            } catch (IOException failed) {
                throw new Violation(player + " fails on a healthy disk: " + failed);
            }
        });
    }

    /** A process before it has an owner directory. */
    private static final class Starting extends Player {
        private final String name;
        private Optional<WorkerProcess> opened = Optional.empty();

        Starting(World world, String name) {
            super(world, name);
            this.name = name;
        }

        void open(boolean mortal) throws IOException {
            opened = Optional.of(new WorkerProcess(world, name, mortal));
        }

        @Override
        void step() {}

        @Override
        boolean mayDelete(Path batch) {
            return false;
        }
    }
}
