package io.turboqueue.batch.pages;

/** A file is not laid out as a batch of ours is, or is broken: SQLite itself must say which. */
final class UnrecognizedLayoutException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Names what was not as expected; without a stack trace, since it only leads to another reader. */
    UnrecognizedLayoutException(String what) {
        super(what, null, false, false);
    }
}
