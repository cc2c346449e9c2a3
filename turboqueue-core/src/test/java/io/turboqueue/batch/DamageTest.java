package io.turboqueue.batch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DamageTest {

    @Test
    void theReasonsInTheNamesOfDeadLettersDoNotChange() {
        assertThat(Damage.values())
                .extracting(Damage::reason)
                .containsExactly(
                        "type", "size", "crc", "format", "wal", "journal", "schema", "rows", "content", "corrupt",
                        "memory", "timeout");
    }
}
