package io.turboqueue.owner;

import io.turboqueue.layout.ProcessIdentity;

/** What a process can see of processes. Implementations are thread-safe. */
public interface Processes {

    /** What is known of this process itself. Asked again each time: a process that was restored from an image has changed. */
    ProcessIdentity self();

    /** Whether another process is there. */
    Sight look(ProcessIdentity process);

    /** What is seen of a process. */
    enum Sight {
        /** Certain: it ended. Nothing that could have hidden it or made another of it is possible. */
        GONE,
        /** It is there. */
        PRESENT,
        /** It cannot be told from here. */
        UNKNOWN
    }
}
