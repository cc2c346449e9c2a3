package io.turboqueue.directory;

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
    void anIdFitsABatchsName() {
        BatchName name = new BatchName(5, 0, new BatchIds().next(), null, 0, 0);

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
