package io.turboqueue.scan;

import io.turboqueue.inspect.BatchInfo;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.DeadName;
import io.turboqueue.layout.OwnerName;
import io.turboqueue.layout.QueueName;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A batch as a listing showed it; it may be elsewhere or gone by now.
 *
 * @param queue its queue
 * @param state where it is
 * @param name all that its name says
 * @param folder the folder it is in
 * @param fileName its file's name there
 */
public record BatchEntry(QueueName queue, BatchState state, BatchName name, Path folder, String fileName) {

    /** The file. */
    public Path path() {
        return folder.resolve(fileName);
    }

    /** Of a dead letter the reason, of a claim its owner, else null. */
    public @Nullable String note() {
        return switch (state) {
            case DEAD -> DeadName.parse(fileName).map(DeadName::reason).orElse(null);
            case CLAIMED -> owner();
            case READY, DELAYED, HELD -> null;
        };
    }

    /** What is known of it, as a value without this library's inner types. */
    public BatchInfo info() {
        return new BatchInfo(
                new BatchInfo.Location(queue.text(), state, name.id(), path()),
                new BatchInfo.Delivery(name.priority(), name.due(), name.attempt(), name.failures()),
                new BatchInfo.Contents(name.messages(), name.bytes()),
                Optional.ofNullable(note()));
    }

    private String owner() {
        String name = String.valueOf(folder.getFileName());
        return OwnerName.parse(name).map(OwnerName::label).orElse(name);
    }
}
