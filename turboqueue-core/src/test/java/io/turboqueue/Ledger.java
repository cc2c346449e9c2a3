package io.turboqueue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What was meant, published, delivered and done: a test's memory, which no crash and no fault erases. */
final class Ledger {

    private final List<Batch> batches = new ArrayList<>();
    private final Map<String, Batch> byId = new HashMap<>();
    private final Set<String> attempts = new HashSet<>();
    private final List<String> violations = new ArrayList<>();

    /** A batch that some call tries to publish. */
    static final class Batch {
        private final List<String> payloads;
        private final TreeSet<Integer> starts = new TreeSet<>(List.of(0));
        private boolean published;
        private boolean done;

        private Batch(List<String> payloads) {
            this.payloads = payloads;
        }

        List<String> payloads() {
            return payloads;
        }

        /** The call returned. */
        void published() {
            published = true;
        }

        /** Its ack was called, so it need not come again. */
        void done() {
            done = true;
        }

        /** It was kept from delivery by a checkpoint: a redelivery may start after that many messages. */
        void mayStartAt(int offset) {
            starts.add(offset);
        }

        private boolean matches(List<String> delivered) {
            int start = payloads.size() - delivered.size();
            return starts.contains(start)
                    && payloads.subList(start, payloads.size()).equals(delivered);
        }

        @Override
        public String toString() {
            return payloads.toString();
        }
    }

    /**
     * One delivery of a batch.
     *
     * @param payloads each message's; a message that failed alone before has an exclamation mark after it
     */
    record Delivery(String id, int attempt, List<String> payloads) {
        static Delivery of(ClaimedBatch<String> batch) {
            List<String> payloads = new ArrayList<>();
            for (Message<String> message : batch) {
                payloads.add(text(message));
            }
            return new Delivery(batch.id(), batch.attempt(), payloads);
        }

        static String text(Message<String> message) {
            return message.payload() + (message.headers().containsKey(Headers.ERROR) ? "!" : "");
        }
    }

    /** Notes what is about to be published. */
    Batch intend(List<String> payloads) {
        Batch batch = new Batch(List.copyOf(payloads));
        batches.add(batch);
        return batch;
    }

    /** The batch that a message belongs to. */
    Batch holding(String payload) {
        return batches.stream()
                .filter(batch -> batch.payloads.contains(payload))
                .findFirst()
                .orElseThrow(() -> new AssertionError("delivered, but never sent: " + payload));
    }

    /** Notes a delivery: it must be a whole batch, or all of it from a checkpoint on, always under the same id. */
    void delivered(Delivery delivery) {
        Optional<Batch> found = batches.stream()
                .filter(batch -> batch.matches(delivery.payloads()))
                .findFirst();
        if (found.isEmpty()) {
            violations.add("delivered, but never sent: " + delivery);
            return;
        }
        Batch known = byId.putIfAbsent(delivery.id(), found.get());
        if (known != null && !known.equals(found.get())) {
            violations.add("one id for two batches, " + known + " and now " + delivery);
        }
        if (known == null && Collections.frequency(byId.values(), found.get()) > 1) {
            violations.add("published twice, the second time as " + delivery);
        }
        if (!attempts.add(delivery.id() + " " + delivery.attempt())) {
            violations.add("delivered again, but the attempt does not say so: " + delivery);
        }
    }

    /** Attempts may start from 0 again: dead letters are redriven, or renames were lost. */
    void attemptsStartAnew() {
        attempts.clear();
    }

    /** Notes what another process was delivered after this one died, and that nothing is to come after that. */
    void deliveredInTheEnd(List<Delivery> deliveries) {
        deliveries.forEach(this::delivered);
        for (Batch batch : batches) {
            if (batch.published && !batch.done && deliveries.stream().noneMatch(d -> batch.matches(d.payloads()))) {
                violations.add("published and not acked, but lost: " + batch);
            }
        }
    }

    /** Everything that is not as promised. */
    List<String> violations() {
        return violations;
    }
}
