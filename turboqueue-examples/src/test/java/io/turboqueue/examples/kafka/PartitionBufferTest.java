package io.turboqueue.examples.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class PartitionBufferTest {

    private static final long DELAYED = 1_000;
    private static final SourcePartition PARTITION = new SourcePartition("flights", "an-id", 2);

    private final PartitionBuffer buffer = new PartitionBuffer(PARTITION, new PartitionBuffer.Limits(10, 10_000));

    @Test
    void batchesEndAtMultiplesOfTheirSizeWhereverReadingBegins() {
        add(7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20);

        assertThat(ids(0)).containsExactly("flights:an-id:2:7-9", "flights:an-id:2:10-19");
        assertThat(ids(DELAYED)).containsExactly("flights:an-id:2:20-20");
    }

    @Test
    void aBatchWithTheLastOffsetBeforeABorderDoesNotWaitForTheNextRecord() {
        add(8, 9);

        assertThat(ids(0)).containsExactly("flights:an-id:2:8-9");
    }

    @Test
    void aBorderThatHasNoRecordIsABorder() {
        add(8, 11);

        assertThat(ids(0)).containsExactly("flights:an-id:2:8-8");
    }

    @Test
    void aBatchThatIsNotFullWaitsUntilItIsOldEnough() {
        add(0, 1);

        assertThat(ids(0)).isEmpty();
        assertThat(buffer.bytes()).isPositive();
        assertThat(ids(DELAYED)).containsExactly("flights:an-id:2:0-1");
        assertThat(buffer.bytes()).isZero();
    }

    @Test
    void aBatchHasNoMoreBytesThanAllowedUnlessOneRecordHas() {
        buffer.add(record(0, 6_000), 0);
        buffer.add(record(1, 6_000), 0);
        buffer.add(record(2, 50_000), 0);
        buffer.add(record(3, 10), 0);

        assertThat(ids(DELAYED))
                .containsExactly(
                        "flights:an-id:2:0-0", "flights:an-id:2:1-1", "flights:an-id:2:2-2", "flights:an-id:2:3-3");
    }

    @Test
    void eachBatchKnowsTheOffsetBeforeIt() {
        add(4, 9, 12);

        assertThat(buffer.take(0).orElseThrow().previous()).isEqualTo(-1);
        assertThat(buffer.take(DELAYED).orElseThrow().previous()).isEqualTo(9);
    }

    private void add(long... offsets) {
        for (long offset : offsets) {
            buffer.add(record(offset, 10), 0);
        }
    }

    private List<String> ids(long openedBefore) {
        List<String> ids = new ArrayList<>();
        for (Optional<EventBatch> batch = buffer.take(openedBefore);
                batch.isPresent();
                batch = buffer.take(openedBefore)) {
            ids.add(batch.get().id());
        }
        return ids;
    }

    private static ConsumerRecord<byte[], byte[]> record(long offset, int bytes) {
        return new ConsumerRecord<>(
                "flights",
                2,
                offset,
                0,
                TimestampType.CREATE_TIME,
                0,
                bytes,
                new byte[0],
                new byte[bytes],
                new RecordHeaders(),
                Optional.empty());
    }
}
