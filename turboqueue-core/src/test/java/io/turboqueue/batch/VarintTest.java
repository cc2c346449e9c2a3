package io.turboqueue.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VarintTest {

    @ParameterizedTest(name = "{0} in {1} bytes")
    @CsvSource({
        "0, 1",
        "1, 1",
        "127, 1",
        "128, 2",
        "16383, 2",
        "16384, 3",
        "2097151, 3",
        "2097152, 4",
        "268435455, 4",
        "268435456, 5",
        "34359738367, 5",
        "34359738368, 6",
        "4398046511103, 6"
    })
    void whatIsWrittenIsRead(long value, int length) {
        byte[] bytes = new byte[10];
        Arrays.fill(bytes, (byte) 0xff);

        assertThat(Varint.length(value)).isEqualTo(length);
        assertThat(Varint.put(bytes, 2, value)).isEqualTo(2 + length);
        assertThat(Varint.end(bytes, 2, 2 + length)).isEqualTo(2 + length);
        assertThat(Varint.value(bytes, 2, 2 + length)).isEqualTo(value);
        for (int end = 2; end < 2 + length; end++) {
            assertThat(Varint.end(bytes, 2, end)).as("cut off at %d", end).isEqualTo(Varint.NONE);
        }
    }

    @Test
    void thePlaceOfEachBitIsThatOfTheFormatDocument() {
        byte[] bytes = new byte[3];

        Varint.put(bytes, 0, 0x1_2345 & 0x1f_ffff);

        assertThat(bytes).containsExactly(0x84, 0xc6, 0x45);
    }

    @ParameterizedTest(name = "{0} bytes with more to come")
    @ValueSource(ints = {6, 7, 8, 9, 20})
    void whatIsLongerThanAnyBatchNeedsIsNone(int length) {
        byte[] bytes = new byte[length + 1];
        Arrays.fill(bytes, 0, length, (byte) 0x81);

        assertThat(Varint.end(bytes, 0, bytes.length)).isEqualTo(Varint.NONE);
    }
}
