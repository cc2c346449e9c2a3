package io.turboqueue.owner;

import io.turboqueue.layout.ProcessIdentity;

/**
 * Processes as a test sees them that plays several in one JVM: whoever does not hold his lock is dead for certain, although the
 * process in his directory's name, this one, lives.
 */
public final class EveryOtherIsGone implements Processes {

    @Override
    public ProcessIdentity self() {
        return ProcFolder.SYSTEM.self();
    }

    @Override
    public Sight look(ProcessIdentity process) {
        return Sight.GONE;
    }
}
