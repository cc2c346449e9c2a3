package io.turboqueue;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where worker threads get their messages. */
interface WorkSource<T> {

    /** Waits for a message; null if none came for a while, or if no more are to be begun. */
    @Nullable
    Work<T> next() throws IOException, InterruptedException;

    /** A message is finished. */
    void done(Work<T> work);

    /** A thread asks for no more. What nobody has in hand is given back. */
    void leave() throws IOException;

    /** Ends all waiting, once no more is to be begun. */
    void wake();
}
