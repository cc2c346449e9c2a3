package io.turboqueue.scan;

import io.turboqueue.inspect.Place;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.DeadName;
import io.turboqueue.layout.OwnerName;
import io.turboqueue.layout.QueueName;
import io.turboqueue.layout.State;
import java.nio.file.Path;
import java.util.Optional;
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
public record BatchEntry(QueueName queue, Place place, BatchName name, Path folder, String fileName) {

    /** The file. */
    public Path path() {
        return folder.resolve(fileName);
    }

    /** The queue's folder it is in; empty for a claim, which is in an owner's directory. */
    public Optional<State> state() {
        return stateOf(place);
    }

    /** The queue's folder for a place; empty for claims, which are in owners' directories. */
    static Optional<State> stateOf(Place place) {
        return switch (place) {
            case READY -> Optional.of(State.READY);
            case DELAYED -> Optional.of(State.DELAYED);
            case HELD -> Optional.of(State.HELD);
            case DEAD -> Optional.of(State.DEAD);
            case CLAIMED -> Optional.empty();
        };
    }

    /** Of a dead letter the reason, of a claim its owner, else null. */
    public @Nullable String note() {
        return switch (place) {
            case DEAD -> DeadName.parse(fileName).map(DeadName::reason).orElse(null);
            case CLAIMED -> owner();
            case READY, DELAYED, HELD -> null;
        };
    }

    private String owner() {
        String name = String.valueOf(folder.getFileName());
        return OwnerName.parse(name).map(OwnerName::label).orElse(name);
    }
}
