package io.turboqueue.examples.torture;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.DiskFile;
import io.turboqueue.examples.torture.Operation.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Halts its process, as {@code kill -9} would but at a chosen place: right after the n-th time of a step, or after that many
 * operations of any kind if it does not come to that.
 */
final class HaltingDisk extends SteppedDisk {

    private static final int MAX_OPERATIONS = 4_000;
    private static final int STATUS = 137;

    private final Target target;
    private final HistoryFile ledger;
    private final AtomicInteger times = new AtomicInteger();
    private final AtomicInteger operations = new AtomicInteger();
    private volatile String own = "";

    /** Where to halt: at the n-th time of a step, from 1. */
    record Target(ProtocolStep step, int time) {
        String text() {
            return step + ":" + time;
        }

        static Target parse(String text) {
            String[] parts = text.split(":", -1);
            return new Target(ProtocolStep.valueOf(parts[0]), Integer.parseInt(parts[1]));
        }
    }

    HaltingDisk(Disk disk, Target target, HistoryFile ledger) {
        super(disk);
        this.target = target;
        this.ledger = ledger;
    }

    @Override
    protected void step(Operation operation, Work work) throws IOException {
        boolean due = isDue(operation);
        work.run();
        if (due) {
            halt(target.step().name());
        } else if (operations.incrementAndGet() >= MAX_OPERATIONS) {
            halt("OPERATION");
        }
        if (operation.kind() == Kind.RENAME && operation.name().startsWith(".new-")) {
            own = operation.to().getFileName().toString();
        }
    }

    private boolean isDue(Operation operation) {
        boolean isOwn = operation.folder().equals(own);
        return ProtocolStep.of(operation, isOwn)
                .filter(step -> step == target.step().operation())
                .filter(step -> times.incrementAndGet() == target.time())
                .isPresent();
    }

    private void halt(String where) throws IOException {
        ledger.write(Entry.DYING, "halt", where);
        Runtime.getRuntime().halt(STATUS);
    }

    /** Halting in the middle of a write takes a file that can write less than it is given. */
    @Override
    public DiskFile create(Path file) throws IOException {
        return target.step() == ProtocolStep.LOADING_HALF_WRITTEN
                ? new HalfWritten(super.create(file))
                : super.create(file);
    }

    @Override
    public DiskFile openToWrite(Path file) throws IOException {
        return target.step() == ProtocolStep.LOADING_HALF_WRITTEN
                ? new HalfWritten(super.openToWrite(file))
                : super.openToWrite(file);
    }

    private record HalfWritten(DiskFile file) implements DiskFile {
        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            ByteBuffer half = source.slice();
            half.limit(Math.max(1, source.remaining() / 2));
            int written = file.write(half, position);
            source.position(source.position() + written);
            return written;
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void sync() throws IOException {
            file.sync();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
