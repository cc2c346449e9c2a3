package io.turboqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SendOptionsTest {

    @Test
    void thereIsNothingInThemAtFirst() {
        SendOptions options = SendOptions.create();
        assertThat(options.key()).isNull();
        assertThat(options.headersJson()).isNull();
        assertThat(options.priority()).isEqualTo(5);
        assertThat(options.delay()).isZero();
    }

    @Test
    void eachMethodGivesAChangedCopy() {
        SendOptions base = SendOptions.create().header("a", "1");
        SendOptions changed = base.key("k").header("b", "2").priority(0).delay(Duration.ofMillis(1));

        assertThat(base.key()).isNull();
        assertThat(base.headersJson()).isEqualTo("{\"a\":\"1\"}");
        assertThat(base.priority()).isEqualTo(5);
        assertThat(base.delay()).isZero();
        assertThat(changed.key()).isEqualTo("k");
        assertThat(changed.headersJson()).isEqualTo("{\"a\":\"1\",\"b\":\"2\"}");
        assertThat(changed.priority()).isZero();
        assertThat(changed.delay()).isEqualTo(Duration.ofMillis(1));
    }

    @Test
    void theLastValueOfAHeaderCounts() {
        assertThat(SendOptions.create().header("a", "1").header("a", "2").headersJson())
                .isEqualTo("{\"a\":\"2\"}");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 10, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void aPriorityOutsideZeroToNineIsRefused(int priority) {
        assertThatThrownBy(() -> SendOptions.create().priority(priority))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("priority " + priority + " is not allowed: it must be from 0 to 9");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-0.000000001S", "PT-1H", "P3650DT0.000000001S", "PT2562047788015215H"})
    void aDelayOutsideZeroToTenYearsIsRefused(String delay) {
        assertThatThrownBy(() -> SendOptions.create().delay(Duration.parse(delay)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("delay " + Duration.parse(delay) + " is not allowed: it must be from zero to 3650 days");
    }

    @Test
    void theLongestDelayIsTenYears() {
        assertThat(SendOptions.create().delay(Duration.ofDays(3650)).delay()).isEqualTo(Duration.ofDays(3650));
    }

    @Test
    void headersOfTheQueueItselfCannotBeForged() {
        assertThatThrownBy(() -> SendOptions.create().header("turboqueue.attempt", "0"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("header \"turboqueue.attempt\" is not allowed: names starting with turboqueue. are the"
                        + " queue's own");
    }
}
