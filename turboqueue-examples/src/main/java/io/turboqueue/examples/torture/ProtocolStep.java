package io.turboqueue.examples.torture;

import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.LockFile;
import io.turboqueue.layout.QueueFolder;
import io.turboqueue.layout.SpoolFolder;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The steps of the protocol that a process can die right after, told by the operation on the disk. */
enum ProtocolStep {
    OWNER_FOLDER,
    LOCK_FILE_LOCKED,
    OWNER_OPENED,
    QUEUE_FOLDER,
    LOADING_CREATED,
    LOADING_REUSED,
    LOADING_WRITTEN,
    LOADING_HALF_WRITTEN,
    LOADING_SYNCED,
    PUBLISHED,
    PUBLISHED_LATER,
    FOLDER_SYNCED,
    PROMOTED,
    CLAIMED,
    CLAIM_OPENED,
    CHECKPOINTED,
    ACKED_DELETED,
    ACKED_KEPT,
    NACKED_LATER,
    NACKED_READY,
    DEAD_LOCKED,
    DEAD_CLAIM_RETURNED,
    DEAD_LOADING_DELETED,
    DEAD_LOCK_FILE_DELETED,
    DEAD_OWNER_REMOVED;

    private static final String LOADING = "loading~";
    private static final String CLAIM = "claimed~";
    private static final String READY = BatchState.READY.word();
    private static final String DELAYED = BatchState.DELAYED.word();

    /**
     * The step that an operation is; empty for what changes nothing that matters.
     *
     * @param own whether it is in the process's own owner directory
     */
    static Optional<ProtocolStep> of(Operation operation, boolean own) {
        return Optional.ofNullable(
                switch (operation.kind()) {
                    case CREATE_FOLDER ->
                        operation.folder().equals(SpoolFolder.OWNERS)
                                ? OWNER_FOLDER
                                : isQueueFolder(operation) ? QUEUE_FOLDER : null;
                    case CREATE_LOCKED -> LOCK_FILE_LOCKED;
                    case CREATE -> operation.name().startsWith(LOADING) ? LOADING_CREATED : null;
                    case WRITE -> operation.name().startsWith(LOADING) ? LOADING_WRITTEN : null;
                    case SYNC -> operation.name().startsWith(LOADING) ? LOADING_SYNCED : null;
                    case SYNC_FOLDER -> FOLDER_SYNCED;
                    case OPEN -> operation.name().startsWith(CLAIM) ? CLAIM_OPENED : null;
                    case TRY_LOCK -> DEAD_LOCKED;
                    case UNLINK -> unlinked(operation, own);
                    case RENAME -> renamed(operation, own);
                    case OPEN_TO_WRITE, LIST, LOOK, READ, SIZE -> null;
                });
    }

    private static boolean isQueueFolder(Operation operation) {
        for (BatchState state : QueueFolder.STATES) {
            if (operation.name().equals(state.word())) {
                return true;
            }
        }
        return operation.name().equals("free");
    }

    private static @Nullable ProtocolStep unlinked(Operation operation, boolean own) {
        if (operation.name().startsWith(CLAIM)) {
            return ACKED_DELETED;
        } else if (operation.name().startsWith(LOADING)) {
            return own ? null : DEAD_LOADING_DELETED;
        } else if (LockFile.number(operation.name()).isPresent()) {
            return DEAD_LOCK_FILE_DELETED;
        }
        return operation.folder().equals(SpoolFolder.OWNERS) ? DEAD_OWNER_REMOVED : null;
    }

    private static @Nullable ProtocolStep renamed(Operation operation, boolean own) {
        String from = operation.name();
        String to = operation.targetFolder();
        if (to.equals(SpoolFolder.OWNERS)) {
            return from.startsWith(".new-") ? OWNER_OPENED : null;
        } else if (from.startsWith(LOADING)) {
            return to.equals(READY) ? PUBLISHED : to.equals(DELAYED) ? PUBLISHED_LATER : null;
        } else if (from.startsWith(CLAIM)) {
            return claimMoved(to, own);
        } else if (operation.folder().equals(DELAYED) && to.equals(READY)) {
            return PROMOTED;
        } else if (operation.folder().equals("free")) {
            return LOADING_REUSED;
        }
        return operation.folder().equals(READY) ? CLAIMED : null;
    }

    private static @Nullable ProtocolStep claimMoved(String to, boolean own) {
        if (!own) {
            return DEAD_CLAIM_RETURNED;
        } else if (to.equals(READY)) {
            return NACKED_READY;
        } else if (to.equals(DELAYED)) {
            return NACKED_LATER;
        }
        return to.equals("free") ? ACKED_KEPT : CHECKPOINTED;
    }

    /** Whose process comes past it most often. */
    Role role() {
        return switch (this) {
            case QUEUE_FOLDER,
                    LOADING_CREATED,
                    LOADING_REUSED,
                    LOADING_WRITTEN,
                    LOADING_HALF_WRITTEN,
                    LOADING_SYNCED,
                    PUBLISHED,
                    PUBLISHED_LATER,
                    FOLDER_SYNCED -> Role.PRODUCER;
            case PROMOTED, CLAIMED, CLAIM_OPENED, CHECKPOINTED, ACKED_DELETED, ACKED_KEPT, NACKED_LATER, NACKED_READY ->
                Role.CONSUMER;
            case OWNER_FOLDER,
                    LOCK_FILE_LOCKED,
                    OWNER_OPENED,
                    DEAD_LOCKED,
                    DEAD_CLAIM_RETURNED,
                    DEAD_LOADING_DELETED,
                    DEAD_LOCK_FILE_DELETED,
                    DEAD_OWNER_REMOVED -> Role.MAINTENANCE;
        };
    }

    /** Whether a process with this engine and durability comes past it: SQLite writes and reads its files itself. */
    boolean occursWith(String engine, String durability) {
        return switch (this) {
            case LOADING_WRITTEN, LOADING_HALF_WRITTEN, CLAIM_OPENED -> engine.equals("pages");
            case LOADING_SYNCED, FOLDER_SYNCED -> durability.equals("power");
            default -> true;
        };
    }

    /** For people. */
    String words() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** The step whose operation it is: a half-written file is a write that did not end. */
    ProtocolStep operation() {
        return this == LOADING_HALF_WRITTEN ? LOADING_WRITTEN : this;
    }
}
