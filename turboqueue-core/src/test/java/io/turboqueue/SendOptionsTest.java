package io.turboqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turboqueue.batch.StoredMessage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SendOptionsTest {

    private static StoredMessage message(SendOptions options) {
        return options.message(0, new byte[0], false);
    }

    private static @Nullable String key(SendOptions options) {
        return message(options).key();
    }

    private static @Nullable String headers(SendOptions options) {
        return message(options).headers();
    }

    @Test
    void headersOfAnotherMessageAreTakenAsTheyAreWrittenWithoutItsPast() {
        SendOptions options = SendOptions.create()
                .header("a", "mine")
                .header("b", "mine")
                .headersJson("{ \"n\": 1.50, \"a\": [ 1 ],\"turboqueue.error\":\"x\",\"turboqueue.attempt\":\"3\","
                        + "\"turboqueue.id\":\"y\",\"turboqueue.headers\":\"no json\"}");

        assertThat(headers(options))
                .isEqualTo("{\"n\":1.50,\"a\":[ 1 ],\"turboqueue.headers\":\"no json\",\"b\":\"mine\"}");
        assertThat(headers(options.header("n", "2")))
                .isEqualTo("{\"a\":[ 1 ],\"turboqueue.headers\":\"no json\",\"b\":\"mine\",\"n\":\"2\"}");
        assertThat(headers(SendOptions.create().headersJson("{}"))).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "1", "{\"a\":}", "{} {}"})
    void headersThatAreNoObjectAreRefused(String json) {
        assertThatThrownBy(() -> SendOptions.create().headersJson(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("headers are not allowed: they are no JSON object");
    }

    @Test
    void aKeyOfBytesThatAreTextIsThatText() {
        assertThat(key(SendOptions.create().keyBytes(new byte[] {'k', 0}))).isEqualTo("k\0");
        StoredMessage message = message(SendOptions.create().header("h", "v").keyBytes(new byte[] {(byte) 0xff}));
        assertThat(message.keyBytes()).containsExactly(0xff);
        assertThat(message.headers()).isEqualTo("{\"h\":\"v\"}");
    }

    @Test
    void anIdentityHasOneTo255Characters() {
        assertThat(headers(SendOptions.create().identity("order 7"))).isEqualTo("{\"turboqueue.id\":\"order 7\"}");
        for (String identity : List.of("", "x".repeat(256))) {
            assertThatThrownBy(() -> SendOptions.create().identity(identity))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("an identity of " + identity.length()
                            + " characters is not allowed: it must have 1 to 255");
        }
    }

    @Test
    void thereIsNothingInThemAtFirst() {
        SendOptions options = SendOptions.create();
        assertThat(key(options)).isNull();
        assertThat(headers(options)).isNull();
        assertThat(options.priority()).isEqualTo(5);
        assertThat(options.delay()).isZero();
    }

    @Test
    void eachMethodGivesAChangedCopy() {
        SendOptions base = SendOptions.create().header("a", "1");
        SendOptions changed = base.key("k").header("b", "2").priority(0).delay(Duration.ofMillis(1));

        assertThat(key(base)).isNull();
        assertThat(headers(base)).isEqualTo("{\"a\":\"1\"}");
        assertThat(base.priority()).isEqualTo(5);
        assertThat(base.delay()).isZero();
        assertThat(key(changed)).isEqualTo("k");
        assertThat(headers(changed)).isEqualTo("{\"a\":\"1\",\"b\":\"2\"}");
        assertThat(changed.priority()).isZero();
        assertThat(changed.delay()).isEqualTo(Duration.ofMillis(1));
    }

    @Test
    void theLastValueOfAHeaderCounts() {
        assertThat(headers(SendOptions.create().header("a", "1").header("a", "2")))
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
    void keysAndHeadersThatUtf8CannotHoldAreRefused() {
        assertThatThrownBy(() -> SendOptions.create().key("k\ud800"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("key is not allowed: it holds an unpaired surrogate");
        assertThatThrownBy(() -> SendOptions.create().header("\udc00", "v"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("header name is not allowed: it holds an unpaired surrogate");
        assertThatThrownBy(() -> SendOptions.create().header("h", "\ud83d"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the value of header \"h\" is not allowed: it holds an unpaired surrogate");
    }

    @Test
    void aTimeThatMillisecondsCannotHoldIsRefused() {
        for (Instant time : List.of(
                Instant.MAX,
                Instant.MIN,
                Instant.ofEpochMilli(Long.MAX_VALUE).plusNanos(1_000_000),
                Instant.ofEpochMilli(Long.MIN_VALUE).minusNanos(1))) {
            assertThatThrownBy(() -> SendOptions.create().time(time))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("time " + time + " is not allowed: it must be from -292275055-05-16T16:47:04.192Z to"
                            + " +292278994-08-17T07:12:55.807Z");
        }
    }

    @Test
    void theExtremesOfMillisecondsAreTimes() {
        for (long millis : new long[] {Long.MIN_VALUE, 0, Long.MAX_VALUE}) {
            assertThat(SendOptions.create().time(Instant.ofEpochMilli(millis)).timeMillis(InstantSource.system()))
                    .isEqualTo(millis);
        }
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
