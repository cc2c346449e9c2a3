package io.turboqueue.simulator;

import io.turboqueue.batch.BatchEngine;
import io.turboqueue.batch.BatchSeal;
import io.turboqueue.batch.BatchWriter;
import io.turboqueue.batch.Damage;
import io.turboqueue.batch.DamagedBatchException;
import io.turboqueue.batch.StoredMessage;
import io.turboqueue.batch.StoredMessages;
import io.turboqueue.disk.Disk;
import io.turboqueue.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Reads rows of fixed length, row by row, so that others may do something in between; much cheaper than SQLite files. */
record StandInEngine(Disk disk) implements BatchEngine {

    @Override
    public BatchWriter writer(Supplier<Path> file, Blanks blanks) {
        throw new UnsupportedOperationException("simulated producers write their rows themselves");
    }

    @Override
    public StoredMessages read(Path file, @Nullable BatchSeal seal, long mostMemory) throws IOException {
        int length = (int) Objects.requireNonNull(seal).bytes();
        byte[] content = new byte[length];
        try (DiskFile open = disk.open(file)) {
            for (int at = 0; at < length; at += Batch.ROW_BYTES) {
                if (open.read(ByteBuffer.wrap(content, at, Batch.ROW_BYTES), at) != Batch.ROW_BYTES) {
                    throw new DamagedBatchException(Damage.SIZE, "the file ends early");
                }
            }
        }
        CRC32 crc = new CRC32();
        crc.update(content);
        if (crc.getValue() != seal.crc32()) {
            throw new DamagedBatchException(Damage.CRC, "another CRC");
        }
        return StoredMessages.of(rows(content));
    }

    private static List<StoredMessage> rows(byte[] content) {
        List<StoredMessage> rows = new ArrayList<>();
        for (int at = 0; at < content.length; at += Batch.ROW_BYTES) {
            rows.add(new StoredMessage(0, null, null, Arrays.copyOfRange(content, at, at + Batch.ROW_BYTES), false));
        }
        return rows;
    }

    @Override
    public void close() {}
}
