package io.turboqueue.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class BatchIdsTest {

    @Test
    void anIdIsARandomProducerAndACounter() {
        BatchIds ids = new BatchIds();

        String first = ids.next();

        assertThat(first).matches("[0-9abcdefghjkmnpqrstvwxyz]{13}-00000000");
        String producer = first.substring(0, 13);
        assertThat(ids.next()).isEqualTo(producer + "-00000001");
        for (int i = 2; i < 42; i++) {
            ids.next();
        }
        assertThat(ids.next()).isEqualTo(producer + "-0000002a");
    }

    @Test
    void anIdIsTakenApart() {
        String id = new BatchIds().next();

        assertThat(BatchIds.parse(id)).contains(new BatchIds.Parts(id.substring(0, 13), 0));
        assertThat(BatchIds.parse("x9k2m4q7d3w5a-0000002a")).contains(new BatchIds.Parts("x9k2m4q7d3w5a", 42));
        assertThat(BatchIds.parse("x9k2m4q7d3w5a-123456789"))
                .contains(new BatchIds.Parts("x9k2m4q7d3w5a", 0x123456789L));
    }

    @Test
    void anIdThatAnotherProgramChoseHasNoParts() {
        for (String id : List.of(
                "a",
                "host-7-batch_x",
                "x9k2m4q7d3w5a-2a",
                "x9k2m4q7d3w5a-",
                "-0000002a",
                "cafe-0000002a",
                "x9k2m4q7d3w5a-00000000000000002a")) {
            assertThat(BatchIds.parse(id)).as(id).isEmpty();
        }
    }

    @Test
    void anIdFitsABatchsName() {
        BatchName name = new BatchName(5, 0, new BatchIds().next(), null);

        assertThat(BatchName.parse(name.format())).contains(name);
    }

    @Test
    void noTwoProducersAreTheSame() {
        Set<String> producers = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            producers.add(new BatchIds().next());
        }

        assertThat(producers).hasSize(1000);
    }

    @Test
    void threadsThatShareAProducerGetDifferentIds() throws Exception {
        BatchIds ids = new BatchIds();
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            Callable<List<String>> taker = () -> {
                List<String> taken = new ArrayList<>();
                for (int i = 0; i < 2000; i++) {
                    taken.add(ids.next());
                }
                return taken;
            };
            Set<String> all = new HashSet<>();
            for (var taken : threads.invokeAll(List.of(taker, taker, taker))) {
                assertThat(taken.get()).isSorted();
                all.addAll(taken.get());
            }
            assertThat(all).hasSize(6000);
        } finally {
            threads.shutdownNow();
        }
    }
}
