package io.turboqueue.cli.messaging;

import io.turboqueue.Spool;
import io.turboqueue.TurboQueue;
import io.turboqueue.cli.support.Verb;
import java.io.IOException;

/** A verb that takes part, with an owner directory of its own. */
abstract class SpoolVerb extends Verb {

    /** The spool, made if it is not there. */
    final Spool open() throws IOException {
        return Spool.builder(spoolPath())
                .clock(context().clock())
                .closeOnShutdown(false) // each verb does that itself, in its own order
                .open();
    }

    static TurboQueue<byte[]> queue(Spool spool, String name) throws IOException {
        return spool.queue(name, new RawPayload());
    }
}
