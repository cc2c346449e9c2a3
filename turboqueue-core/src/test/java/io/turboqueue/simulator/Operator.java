package io.turboqueue.simulator;

import io.turboqueue.disk.FolderGoneException;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.DeadName;
import io.turboqueue.layout.QueueFolder;
import io.turboqueue.protocol.BatchMoves;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A person with the command at hand: holds, releases, redrives, moves, drops, pauses. */
final class Operator extends Player {

    private final BatchMoves moves;

    Operator(World world) {
        super(world, "the operator");
        this.moves = new BatchMoves(disk);
    }

    @Override
    boolean isMortal() {
        return false;
    }

    @Override
    boolean mayDelete(Path batch) {
        return true;
    }

    @Override
    void step() throws IOException {
        QueueFolder queue = world.random.nextBoolean() ? PLAIN : POWER;
        switch (world.random.nextInt(8)) {
            case 0, 1 -> hold(queue, world.random.nextInt(3) == 0 ? BatchState.DELAYED : BatchState.READY);
            case 2, 3 -> release(queue);
            case 4 -> redriveAll(queue);
            case 5 -> move(queue, queue.equals(PLAIN) ? POWER : PLAIN);
            case 6 -> pauseForAWhile(queue);
            default -> drop(queue);
        }
    }

    private void hold(QueueFolder queue, BatchState from) throws IOException {
        Optional<BatchName> name = any(queue, from);
        if (name.isPresent()) {
            moves.hold(queue, from, name.get());
        }
    }

    private void release(QueueFolder queue) throws IOException {
        Optional<BatchName> name = any(queue, BatchState.HELD);
        if (name.isPresent()) {
            moves.release(queue, name.get(), world.wallMillis());
        }
    }

    /** A queue's durability is that of the batches in it. */
    private void move(QueueFolder from, QueueFolder to) throws IOException {
        Optional<BatchName> name = any(from, BatchState.READY);
        if (name.isPresent()) {
            batch(name.get()).power &= to.equals(POWER);
            moves.move(from, BatchState.READY, name.get().format(), to);
        }
    }

    private void drop(QueueFolder queue) throws IOException {
        Optional<BatchName> name = any(queue, BatchState.READY);
        if (name.isPresent() && moves.delete(queue.of(BatchState.READY, name.get()))) {
            batch(name.get()).mayBeLost = true;
            batch(name.get()).end();
        }
    }

    private void pauseForAWhile(QueueFolder queue) throws IOException {
        if (!moves.resume(queue)) {
            moves.pause(queue);
        }
    }

    private Batch batch(BatchName name) {
        Batch batch = world.batches.get(name.id());
        if (batch == null) {
            throw new Violation("nobody knows the batch " + name);
        }
        return batch;
    }

    private Optional<BatchName> any(QueueFolder queue, BatchState state) throws IOException {
        List<BatchName> names = names(queue, state);
        return names.isEmpty() ? Optional.empty() : Optional.of(names.get(world.random.nextInt(names.size())));
    }

    private List<BatchName> names(QueueFolder queue, BatchState state) throws IOException {
        List<BatchName> names = new ArrayList<>();
        try {
            disk.list(queue.of(state), text -> BatchName.parse(text).ifPresent(names::add));
        } catch (FolderGoneException none) {
            return List.of();
        }
        return names;
    }

    /** Lets everything flow again. */
    void letFlow(QueueFolder queue) throws IOException {
        moves.resume(queue);
        for (BatchName held : names(queue, BatchState.HELD)) {
            moves.release(queue, held, world.wallMillis());
        }
    }

    private void redriveAll(QueueFolder queue) throws IOException {
        for (DeadName letter : deadLetters(queue)) {
            moves.redrive(queue, letter);
        }
    }

    /** Makes every dead letter claimable that was not found damaged. */
    void redrive(QueueFolder queue) throws IOException {
        for (DeadName letter : deadLetters(queue)) {
            if (!letter.reason().equals("crc") && !letter.reason().equals("size")) {
                moves.redrive(queue, letter);
            }
        }
    }

    private List<DeadName> deadLetters(QueueFolder queue) throws IOException {
        List<DeadName> dead = new ArrayList<>();
        try {
            disk.list(queue.of(BatchState.DEAD), text -> DeadName.parse(text).ifPresent(dead::add));
        } catch (FolderGoneException none) {
            return List.of();
        }
        return dead;
    }
}
