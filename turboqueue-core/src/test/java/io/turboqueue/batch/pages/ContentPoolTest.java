package io.turboqueue.batch.pages;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ContentPoolTest {

    private static final int KIB = 1024;

    private final ContentPool pool = new ContentPool();

    @Test
    void whatWasGivenBackIsTakenAgainIfItIsLargeEnough() {
        byte[] array = pool.take(300 * KIB);
        pool.requeue(array);

        assertThat(pool.take(array.length + 1)).isNotSameAs(array);
        assertThat(pool.take(100 * KIB)).isSameAs(array);
        assertThat(pool.take(100 * KIB)).as("taken already").isNotSameAs(array);
    }

    @Test
    void theLastGivenBackIsTakenFirst() {
        byte[] first = pool.take(300 * KIB);
        byte[] second = pool.take(300 * KIB);
        pool.requeue(first);
        pool.requeue(second);

        assertThat(pool.take(300 * KIB)).isSameAs(second);
        assertThat(pool.take(300 * KIB)).isSameAs(first);
    }

    @Test
    void smallAndHugeArraysAreNotKept() {
        for (int bytes : new int[] {0, 8 * KIB, 5000 * KIB}) {
            byte[] array = pool.take(bytes);
            assertThat(array).hasSize(bytes);
            pool.requeue(array);
            assertThat(pool.take(bytes)).isNotSameAs(array);
        }
    }

    @Test
    void onlyAHandfulIsKept() {
        byte[] oldest = pool.take(300 * KIB);
        pool.requeue(oldest);
        for (int i = 0; i < 4; i++) {
            pool.requeue(new byte[512 * KIB]);
        }
        for (int i = 0; i < 4; i++) {
            assertThat(pool.take(300 * KIB)).isNotSameAs(oldest);
        }
        assertThat(pool.take(300 * KIB)).isNotSameAs(oldest);
    }
}
