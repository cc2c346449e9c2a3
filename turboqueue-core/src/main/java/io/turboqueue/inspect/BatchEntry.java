package io.turboqueue.inspect;

import io.turboqueue.directory.BatchName;
import io.turboqueue.directory.DeadName;
import io.turboqueue.directory.QueueName;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A batch as a listing showed it; it may be elsewhere or gone by now.
 *
 * @param queue its queue
 * @param place where it is
 * @param name all that its name says
 * @param folder the folder it is in
 * @param fileName its file's name there
 */
@SuppressWarnings("exports") // for the floor above, not for applications
public record BatchEntry(QueueName queue, Place place, BatchName name, Path folder, String fileName) {

    /** The file. */
    public Path path() {
        return folder.resolve(fileName);
    }

    /** Of a dead letter the reason, of a claim the desk, else null. */
    public @Nullable String note() {
        return switch (place) {
            case DEAD -> DeadName.parse(fileName).map(DeadName::reason).orElse(null);
            case CLAIMED -> String.valueOf(folder.getFileName());
            case READY, LATER, HELD -> null;
        };
    }
}
