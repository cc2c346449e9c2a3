package io.turboqueue.protocol;

import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.OwnerEntry;
import io.turboqueue.layout.QueueFolder;
import java.nio.file.Path;

/**
 * A batch that this process took. Its path is the token: who lost the claim finds the path gone.
 *
 * @param queue where it was claimed
 * @param batch its name there
 * @param number which of the process's claims it is
 * @param path where it is now
 */
public record Claim(QueueFolder queue, BatchName batch, long number, Path path) {

    /** The claim as others see it in the owner directory. */
    public OwnerEntry.Claimed entry() {
        return new OwnerEntry.Claimed(number, queue.name(), batch);
    }
}
