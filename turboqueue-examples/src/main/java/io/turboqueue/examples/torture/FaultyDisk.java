package io.turboqueue.examples.torture;

import io.turboqueue.disk.Disk;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Fails chosen operations, counted over all threads. */
final class FaultyDisk extends SteppedDisk {

    private final List<Fault> faults;
    private final AtomicInteger operations = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    /**
     * Operations that fail.
     *
     * @param first the first of them, counted from 1
     * @param length how many in a row; a long row is a disk that is broken until somebody repairs it
     */
    record Fault(int first, int length) {
        private boolean hits(int operation) {
            return operation >= first && operation < first + length;
        }
    }

    FaultyDisk(Disk disk, List<Fault> faults) {
        super(disk);
        this.faults = faults;
    }

    @Override
    protected void step(Operation operation, Work work) throws IOException {
        int number = operations.incrementAndGet();
        for (Fault fault : faults) {
            if (fault.hits(number)) {
                failed.incrementAndGet();
                throw error(fault.first(), operation);
            }
        }
        work.run();
    }

    private static IOException error(int first, Operation operation) {
        return switch (first % 3) {
            case 0 -> new IOException("injected: Input/output error, " + operation);
            case 1 -> new FileSystemException(operation.from().toString(), null, "injected: No space left on device");
            default -> new AccessDeniedException(operation.from().toString(), null, "injected");
        };
    }

    /** Operations so far. */
    int operations() {
        return operations.get();
    }

    /** How many of them failed. */
    int failed() {
        return failed.get();
    }
}
