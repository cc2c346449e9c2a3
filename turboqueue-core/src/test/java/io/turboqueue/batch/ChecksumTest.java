package io.turboqueue.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class ChecksumTest {

    private static Checksum of(byte[] bytes) {
        return Checksum.of(bytes, 0, bytes.length);
    }

    private static long crc32(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }

    @Test
    void oneOfJoinedStretchesIsThatOfTheWhole() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = EngineTestCase.randomBytes(random, random.nextInt(1 << random.nextInt(17)));
            Checksum joined = Checksum.NONE;
            for (int at = 0; at < bytes.length; ) {
                int length = Math.min(bytes.length - at, 1 + random.nextInt(bytes.length));
                joined = joined.then(Checksum.of(bytes, at, length));
                at += length;
            }
            assertThat(joined).as("seed %d, round %d", seed, i).isEqualTo(new Checksum(crc32(bytes), bytes.length));
        }
    }

    @Test
    void nothingChangesNothing() {
        Checksum some = of(new byte[] {1, 2, 3});

        assertThat(some.then(Checksum.NONE)).isEqualTo(some);
        assertThat(Checksum.NONE.then(some)).isEqualTo(some);
        assertThat(of(new byte[0])).isEqualTo(Checksum.NONE);
    }

    @Test
    void stretchesOfManyGigabytesJoinInAnyOrder() {
        Checksum zeros = of(new byte[1 << 16]);
        for (int doubled = 0; doubled < 20; doubled++) {
            zeros = zeros.then(zeros);
        }
        Checksum some = of(new byte[] {1, 2, 3});

        assertThat(zeros.bytes()).isEqualTo(1L << 36);
        assertThat(some.then(zeros).then(some)).isEqualTo(some.then(zeros.then(some)));
        assertThat(zeros.then(some).crc32()).isBetween(0L, 0xffff_ffffL);
    }
}
