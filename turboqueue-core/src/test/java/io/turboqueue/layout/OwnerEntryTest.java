package io.turboqueue.layout;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.layout.OwnerEntry.Claimed;
import io.turboqueue.layout.OwnerEntry.Loading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnerEntryTest {

    private static final String BATCH = "5-20261121T155801123Z-x-1.n10.b8192.ca1b2c3d4.a5.db";
    private static final QueueName QUEUE = new QueueName("flights.by-route");

    @Test
    void aBatchBeingFilledNamesItsQueueAndItsId() {
        Loading loading = new Loading(QUEUE, "x9k2m4q7d3w5a-0000002b");

        assertThat(loading.format()).isEqualTo("loading~flights.by-route~x9k2m4q7d3w5a-0000002b.db");
        assertThat(OwnerEntry.parse(loading.format())).contains(loading);
    }

    @Test
    void aBatchBeingProcessedNamesItsNumberItsQueueAndItself() {
        Claimed claimed = new Claimed(0x1c, QUEUE, BatchName.parse(BATCH).orElseThrow());

        assertThat(claimed.format()).isEqualTo("claimed~0000001c~flights.by-route~" + BATCH);
        assertThat(OwnerEntry.parse(claimed.format())).contains(claimed);
    }

    @ParameterizedTest(name = "claim {0}")
    @ValueSource(longs = {0, 0xffffffffL, 0x100000000L, (1L << 60) - 1})
    void claimsAreCountedFurtherThanAnyProcessComes(long number) {
        Claimed claimed = new Claimed(number, QUEUE, BatchName.parse(BATCH).orElseThrow());

        assertThat(OwnerEntry.parse(claimed.format())).contains(claimed);
    }

    @Test
    void theLongestQueueWithTheLongestBatchStillFitsAFileNameOnItsOwn() {
        QueueName longest = new QueueName("q".repeat(100));
        Claimed claimed = new Claimed(1, longest, BatchName.parse(BATCH).orElseThrow());

        assertThat(claimed.format()).hasSizeLessThanOrEqualTo(255);
        assertThat(OwnerEntry.parse(claimed.format())).contains(claimed);
    }

    @ParameterizedTest(name = "<{0}>")
    @ValueSource(
            strings = {
                "",
                "owner-1.lock",
                "loading",
                "loading~q",
                "loading~q~.db",
                "loading~q~id",
                "loading~q~id.db ",
                "loading~q~id.db\n",
                "loading~q~id.db-journal",
                "xloading~q~id.db",
                "Loading~q~id.db",
                "loading~Q~id.db",
                "loading~~id.db",
                "loading~..~id.db",
                "loading~.q~id.db",
                "loading~owners~id.db",
                "loading~turboqueue.json~id.db",
                "loading~q~i~d.db",
                "loading~0000001c~q~id.db",
                "claimed~q~" + BATCH,
                "claimed~~q~" + BATCH,
                "claimed~1c~q~" + BATCH,
                "claimed~0000001C~q~" + BATCH,
                "claimed~0000001g~q~" + BATCH,
                "claimed~\u0660000001c~q~" + BATCH,
                "claimed~-0000001~q~" + BATCH,
                "claimed~000000001~q~" + BATCH,
                "claimed~00000000000001c~q~" + BATCH,
                "claimed~1000000000000000~q~" + BATCH,
                "claimed~ffffffffffffffff~q~" + BATCH,
                "claimed~0000001c~owners~" + BATCH,
                "claimed~0000001c~q/../x~" + BATCH,
                "claimed~0000001c~q~id.db",
                "claimed~0000001c~q~" + BATCH + "~",
                "claimed~0000001c~q~x" + BATCH,
                "claimed~0000001c~q~5-20261131T155801123Z-x.db"
            })
    void whateverElseIsNotOurs(String text) {
        assertThat(OwnerEntry.parse(text)).isEmpty();
    }

    @Test
    void aQueueNameThatIsTooLongIsNotOurs() {
        assertThat(OwnerEntry.parse("loading~" + "q".repeat(100) + "~id.db")).isPresent();
        assertThat(OwnerEntry.parse("loading~" + "q".repeat(101) + "~id.db")).isEmpty();
    }
}
