package io.turboqueue.batch;

/** The batch is whole, but takes more memory than this reader may use. */
public final class BatchTooLargeException extends UnsupportedBatchException {
    private static final long serialVersionUID = 1L;

    public BatchTooLargeException(long needed, long most) {
        super("it takes about " + needed + " bytes of memory, more than the " + most + " allowed here");
    }
}
