package io.turboqueue.examples.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OffsetRangesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0-4,5-9     | 0-9",
                "5-9,0-4     | 0-9",
                "0-4,6-9     | 0-4,6-9",
                "0-4,6-9,5   | 0-9",
                "0-9,3-5     | 0-9",
                "3-5,0-9     | 0-9",
                "0-3,5-7,2-6 | 0-7",
                "1,3,5,0-9   | 0-9",
                "7           | 7",
            })
    void runsThatTouchBecomeOne(String added, String expected) {
        assertThat(OffsetRanges.parse(added).text()).isEqualTo(expected);
    }

    @Test
    void anEmptySetIsEmptyText() {
        assertThat(OffsetRanges.parse("").text()).isEmpty();
        assertThat(OffsetRanges.parse("").contains(0)).isFalse();
    }

    @Test
    void aCopyIsItsOwn() {
        OffsetRanges original = OffsetRanges.parse("1-2");
        original.copy().add(3, 4);

        assertThat(original.text()).isEqualTo("1-2");
    }

    @Test
    void aRangeThatEndsBeforeItBeginsIsRefused() {
        assertThatThrownBy(() -> new OffsetRanges().add(5, 4)).hasMessage("offsets 5 to 4 are no range");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void itHoldsWhatASetOfBitsHolds(long seed) {
        Random random = new Random(seed);
        OffsetRanges ranges = new OffsetRanges();
        BitSet bits = new BitSet();
        for (int i = 0; i < 500; i++) {
            int first = random.nextInt(1000);
            int last = first + random.nextInt(1 + random.nextInt(20));
            ranges.add(first, last);
            bits.set(first, last + 1);
            int probe = random.nextInt(1100);
            assertThat(ranges.contains(probe))
                    .as("seed %s, offset %s", seed, probe)
                    .isEqualTo(bits.get(probe));
        }

        OffsetRanges again = OffsetRanges.parse(ranges.text());
        assertThat(again.text()).as("seed %s", seed).isEqualTo(ranges.text());
        for (int offset = 0; offset < 1100; offset++) {
            assertThat(again.contains(offset))
                    .as("seed %s, offset %s", seed, offset)
                    .isEqualTo(bits.get(offset));
        }
    }
}
