package io.turboqueue;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/** The test that started this process. It is there until it closes this process's standard input, or dies. */
final class ParentProcess {

    private static final CountDownLatch GONE = new CountDownLatch(1);

    private ParentProcess() {}

    /** From now on standard input is read to its end. */
    static void watch() {
        Thread reader = new Thread(ParentProcess::readToTheEnd, "standard input");
        reader.setDaemon(true);
        reader.start();
    }

    private static void readToTheEnd() {
        try {
            while (System.in.read() >= 0) {
                // only the end matters
            }
        } catch (IOException ended) {
            // likewise
        }
        GONE.countDown();
    }

    static boolean isThere() {
        return GONE.getCount() > 0;
    }

    static void awaitEnd() throws InterruptedException {
        GONE.await();
    }
}
