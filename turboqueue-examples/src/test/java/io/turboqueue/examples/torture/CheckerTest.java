package io.turboqueue.examples.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The checker sees every kind of violation, and none where there is none. */
class CheckerTest {

    private static final String A = "producer-1-1";

    private final List<HistoryLine> lines = new ArrayList<>();
    private int now;

    private CheckerTest says(String writer, String text) {
        int space = text.indexOf(' ');
        now++;
        lines.add(History.parse(writer, now, text.substring(0, space) + " " + now + text.substring(space)));
        return this;
    }

    /** A batch of five messages, published by a producer. */
    private CheckerTest published() {
        return says("p", "OWNER 1-p")
                .says("c", "OWNER 2-c")
                .says("p", "INTENDED " + A + " 5")
                .says("p", "PUBLISHED " + A + " 5");
    }

    private CheckerTest delivered(String writer, int attempt) {
        return says(writer, "DELIVERED x " + attempt + " " + part(1, 5));
    }

    private static String part(int first, int last) {
        return A + " " + first + " " + last + " 5 " + Payload.crc(A, first, last, 5);
    }

    private Verdict verdict() {
        return verdict(Rules.STRICT);
    }

    private Verdict verdict(Rules rules) {
        lines.sort(Comparator.comparingLong(HistoryLine::nanos));
        return new Checker(rules).checker(lines);
    }

    private void caught(String violation) {
        assertThat(verdict().violations()).anyMatch(found -> found.startsWith(violation));
    }

    @Test
    void aWholeLifeIsFlawless() {
        published().delivered("c", 0).says("c", "ACKED x 0").says("c", "DYING end");

        assertThat(verdict()).isEqualTo(new Verdict(new Tally(0, 5, 5, 0, 0, 0, 0, 0), List.of(), List.of()));
    }

    @Test
    void aRecoveryAfterADeathIsFlawlessAndItsDuplicatesAreCounted() {
        published().delivered("c", 0).says("torturer", "KILLING c").says("d", "OWNER 3-d");
        says("d", "RETURNING q x 0 2-c")
                .says("d", "RETURNED q x 0 2-c")
                .delivered("d", 1)
                .says("d", "ACKED x 1");

        assertThat(verdict()).isEqualTo(new Verdict(new Tally(1, 5, 5, 0, 0, 5, 1, 0), List.of(), List.of()));
    }

    @Test
    void aDeliveryFromACheckpointOnIsFlawless() {
        published().says("c", "CHECKPOINT x 0 " + part(1, 2)).says("c", "DYING halt CHECKPOINTED");
        says("d", "OWNER 3-d").says("d", "RETURNING q x 0 2-c").says("d", "RETURNED q x 0 2-c");
        says("d", "DELIVERED x 1 " + part(3, 5));

        assertThat(verdict().violations()).isEmpty();
        assertThat(verdict().tally().duplicates()).isZero();
    }

    @Test
    void aBatchThatWasIntendedButNotPublishedMayComeOrNot() {
        says("p", "INTENDED " + A + " 5").says("p", "INTENDED " + A + "0 5").delivered("c", 0);

        assertThat(verdict().violations()).isEmpty();
    }

    @Test
    void aPublishedBatchThatNeverCameIsLost() {
        published();

        caught("lost: 5 of 5 messages were never delivered (p:4: PUBLISHED producer-1-1 5)");
        assertThat(new Checker(Rules.STRICT).checker(lines).tally().lost()).isEqualTo(5);
    }

    @Test
    void theRestOfABatchThatNeverCameIsLost() {
        published().says("c", "CHECKPOINT x 0 " + part(1, 2));

        caught("lost: 3 of 5");
    }

    @Test
    void whatWasNeverSentIsWrong() {
        delivered("c", 0);

        caught("never sent");
        assertThat(new Checker(Rules.STRICT).checker(lines).tally().wrong()).isEqualTo(5);
    }

    @Test
    void otherContentIsWrong() {
        published().says("c", "DELIVERED x 0 " + A + " 1 5 5 abcdef");

        caught("content is not what was sent");
    }

    @Test
    void whatAConsumerCouldNotReadIsWrong() {
        published().delivered("c", 0).says("c", "WRONG y 0 first message is ?");

        caught("wrong content");
    }

    @Test
    void aPartOfABatchIsWrong() {
        published().says("c", "DELIVERED x 0 " + part(1, 4)).says("d", "DELIVERED x 0 " + part(4, 5));

        assertThat(verdict().violations())
                .filteredOn(found -> found.startsWith("delivered in part"))
                .hasSize(2);
    }

    @Test
    void aPlantedFileMustNotCome() {
        published().delivered("c", 0).says("torturer", "PLANTED y cut");
        says("c", "DELIVERED y 0 " + part(1, 5));

        caught("a damaged or hostile file was delivered");
    }

    @Test
    void twoDeliveriesUnderOneAttemptAreTold() {
        published().delivered("c", 0).delivered("d", 0);

        caught("delivered twice under one attempt");
    }

    @Test
    void anUnannouncedAttemptIsTold() {
        published().delivered("c", 0).delivered("d", 1);

        caught("delivered again, but nobody recorded");
    }

    @Test
    void aBatchThatIsThereTwiceIsTold() {
        published().delivered("c", 0).says("c", "DELIVERED y 0 " + part(1, 5));

        caught("published once and there twice");
    }

    @Test
    void afterAFailedPublishABatchMayBeThereTwice() {
        published().says("p", "UNCERTAIN " + A + " 5 disk full").delivered("c", 0);
        says("c", "DELIVERED y 0 " + part(1, 5));

        assertThat(verdict().violations()).isEmpty();
    }

    @Test
    void oneIdForTwoBatchesIsTold() {
        published().delivered("c", 0).says("p", "INTENDED b 1");
        says("c", "DELIVERED x 0 b 1 1 1 " + Payload.crc("b", 1, 1, 1));

        caught("one id for two batches");
    }

    @Test
    void twoAcksAreTold() {
        published().delivered("c", 0).says("c", "ACKED x 0").says("d", "ACKED x 0");

        caught("acked twice");
    }

    @Test
    void whatComesAfterItsAckIsTold() {
        published()
                .delivered("c", 0)
                .says("c", "ACKED x 0")
                .says("c", "RETURNING q x 0 2-c")
                .delivered("d", 1);

        caught("delivered after it was acked");
    }

    @ParameterizedTest
    @CsvSource({"ACKED x 0,RETURNED q x 0 2-c", "RETURNED q x 0 2-c,ACKED x 0"})
    void anAttemptWithTwoEndsIsTold(String first, String second) {
        published().delivered("c", 0).says("c", first).says("c", second);

        caught("one attempt was both acked and returned");
    }

    @Test
    void robberyOfAStoppedOwnerIsTold() {
        published().delivered("c", 0).says("torturer", "STRUCK stop c").says("d", "RETURNING q x 0 2-c");

        caught("robbed: its owner c was alive");
        assertThat(new Checker(Rules.STRICT).checker(lines).tally().robbed()).isEqualTo(1);
    }

    @Test
    void robberyBeforeTheOwnerDiedIsTold() {
        published().delivered("c", 0).says("d", "RETURNING q x 0 2-c").says("torturer", "KILLING c");

        caught("robbed: its owner c was alive");
    }

    @Test
    void aQueueWithALeaseMayTakeBack() {
        published().delivered("c", 0).says("d", "RETURNING q x 0 2-c").says("c", "FENCED q x 0");

        assertThat(verdict(Rules.leasing("q")).violations()).isEmpty();
    }

    @Test
    void aFencedOwnerIsTold() {
        published().delivered("c", 0).says("c", "FENCED q x 0");

        caught("a live owner found its claim gone");
    }

    @Test
    void aReturnFromAnUnknownOwnerIsTold() {
        published().delivered("c", 0).says("d", "RETURNING q x 0 9-z");

        caught("returned from an owner directory that nobody ever opened");
    }

    @Test
    void leaksAndTroubleAreTold() {
        says("c", "LEAKED /spool/q/ready/file").says("torturer", "TROUBLE c hangs");

        caught("left open or left behind");
        caught("trouble");
    }

    @Test
    void aPowerCutMayLoseWhatWasNotDurableButMakeNothingWrong() {
        published().says("p", "INTENDED b 1").says("p", "PUBLISHED b 1");
        says("c", "DELIVERED x 0 b 1 1 1 ffff");

        Verdict verdict = verdict(Rules.afterPowerCut(false));
        assertThat(verdict.tally().lost()).isEqualTo(5);
        assertThat(verdict.violations()).singleElement().asString().startsWith("content is not what was sent");
    }

    @Test
    void aPowerCutMayLoseNothingThatWasDurable() {
        published();

        assertThat(verdict(Rules.afterPowerCut(true)).violations())
                .singleElement()
                .asString()
                .startsWith("lost");
    }

    @Test
    void whatWasDeliveredButNotAckedBeforeAPowerCutMustComeAgain() {
        published()
                .delivered("c", 0)
                .says("c", "RETURNED q x 0 2-c")
                .says("d", "OWNER 3-d")
                .delivered("d", 1);

        assertThat(PowerNemesis.certain(lines))
                .filteredOn(line -> line.entry() == Entry.DELIVERED)
                .extracting(HistoryLine::writer)
                .as("the last line of a process may be followed by an ack that was not written down")
                .containsExactly("d");
    }
}
