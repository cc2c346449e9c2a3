package io.turboqueue.batch;

/** The batch is whole, but of a format version this release does not know: a newer one may read it. */
public final class NewerFormatException extends UnsupportedBatchException {
    private static final long serialVersionUID = 1L;

    /** Names the version found and the one known. */
    public NewerFormatException(int found) {
        super("batch format version " + found + " is newer than version " + BatchFormat.VERSION
                + ", the newest this release reads");
    }
}
