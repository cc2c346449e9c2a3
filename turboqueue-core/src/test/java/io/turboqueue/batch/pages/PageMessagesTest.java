package io.turboqueue.batch.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PageMessagesTest {

    private static final int BATCHES = 2_000;
    private static final int THREADS = 2;

    /** The threads meet before every batch, so that they close it in the same moment. */
    @Test
    @Timeout(60)
    void contentIsGivenBackOnceHoweverManyThreadsClose() throws Exception {
        AtomicInteger[] givenBack = new AtomicInteger[BATCHES];
        PageMessages[] batches = new PageMessages[BATCHES];
        for (int i = 0; i < BATCHES; i++) {
            AtomicInteger count = new AtomicInteger();
            givenBack[i] = count;
            batches[i] =
                    new PageMessages(new byte[1], TablePages.SMALL, new int[0], content -> count.incrementAndGet());
        }
        AtomicInteger arrived = new AtomicInteger();
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try {
            Runnable closer = () -> {
                for (int i = 0; i < BATCHES; i++) {
                    arrived.incrementAndGet();
                    while (arrived.get() < THREADS * (i + 1)) {
                        Thread.onSpinWait();
                    }
                    batches[i].close();
                }
            };
            Future<?> one = pool.submit(closer);
            Future<?> other = pool.submit(closer);
            one.get();
            other.get();
        } finally {
            pool.shutdownNow();
        }
        assertThat(givenBack).allMatch(count -> count.get() == 1);
    }
}
