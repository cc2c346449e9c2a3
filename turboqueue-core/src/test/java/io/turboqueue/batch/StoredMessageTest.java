package io.turboqueue.batch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StoredMessageTest {

    @Test
    void theWeightIsAboutWhatTheMessageTakesInAFile() {
        assertThat(new StoredMessage(0, null, null, new byte[0], true).weight()).isEqualTo(24);
        assertThat(new StoredMessage(0, null, null, new byte[100], false).weight())
                .isEqualTo(124);
        assertThat(new StoredMessage(0, "key", "{\"a\":\"b\"}", new byte[100], true).weight())
                .isEqualTo(124 + 3 + 9);
    }
}
