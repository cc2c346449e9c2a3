package io.turboqueue.examples;

/**
 * Something happened to a worker of a {@link ProcessGroup}.
 *
 * @param worker the worker's name
 * @param kind what happened
 * @param pid the process; -1 if there is none
 * @param detail why, in words; empty if there is nothing to say
 */
public record WorkerEvent(String worker, Kind kind, long pid, String detail) {

    /** What happens to workers. */
    public enum Kind {
        /** Its process was started. */
        STARTED,
        /** It said that it is ready. A worker that says nothing of that kind is ready when it is started. */
        READY,
        /** Its process has ended, and so has every process that it started. */
        ENDED,
        /** It is to be started again after a pause. */
        PAUSED,
        /** It is not started any more. */
        GIVEN_UP
    }
}
