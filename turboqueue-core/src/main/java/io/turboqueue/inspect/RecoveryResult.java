package io.turboqueue.inspect;

/**
 * What a look for dead owners did. Immutable.
 *
 * @param owners owner directories removed
 * @param requeued batches made ready again, with one more failure
 * @param deadLettered batches that became dead letters at the attempt limit
 * @param deleted half-filled batches deleted
 */
public record RecoveryResult(int owners, int requeued, int deadLettered, int deleted) {

    /** Nothing was done. */
    public static final RecoveryResult NONE = new RecoveryResult(0, 0, 0, 0);

    /**
     * The sum of two results.
     *
     * @param other the other one
     * @return a new result
     */
    public RecoveryResult plus(RecoveryResult other) {
        return new RecoveryResult(
                owners + other.owners,
                requeued + other.requeued,
                deadLettered + other.deadLettered,
                deleted + other.deleted);
    }
}
