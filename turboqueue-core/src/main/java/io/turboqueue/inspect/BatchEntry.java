package io.turboqueue.inspect;

import io.turboqueue.directory.BatchName;
import io.turboqueue.directory.QueueName;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A batch as a listing showed it; it may be elsewhere or gone by now.
 *
 * @param queue its queue
 * @param place where it is
 * @param name all that its name says
 * @param path the file
 * @param note of a dead letter the reason, of a claim the desk, else null
 */
@SuppressWarnings("exports") // for the floor above, not for applications
public record BatchEntry(
        QueueName queue,
        Place place,
        BatchName name,
        Path path,
        @Nullable String note) {}
