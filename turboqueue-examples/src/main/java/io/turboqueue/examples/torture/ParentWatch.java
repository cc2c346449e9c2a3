package io.turboqueue.examples.torture;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/** The process that started this one. It is there until it closes this process's standard input, or dies. */
final class ParentWatch {

    private final CountDownLatch gone = new CountDownLatch(1);

    private ParentWatch() {}

    /** From now on standard input is read to its end. */
    static ParentWatch watch() {
        ParentWatch parent = new ParentWatch();
        Thread reader = new Thread(parent::readToTheEnd, "standard input");
        reader.setDaemon(true);
        reader.start();
        return parent;
    }

    private void readToTheEnd() {
        try {
            while (System.in.read() >= 0) {
                // only the end matters
            }
        } catch (IOException ended) {
            // as good as its end
        }
        gone.countDown();
    }

    boolean isThere() {
        return gone.getCount() > 0;
    }
}
