package io.turboqueue.examples.torture;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the ledgers of all processes and says what was not as promised. It looks at nothing else. For one use.
 *
 * <p>Every published batch is delivered at least once, whole or from a recorded checkpoint on, and equal to what was sent; no
 * delivery comes twice under one attempt; a higher attempt comes only after a recorded return of the one before; one attempt
 * has one end, ack or return; what was acked never comes again; nothing is taken from an owner that lives.
 */
final class Checker {

    private final Rules rules;
    private final List<String> violations = new ArrayList<>();
    private final Map<String, HistoryLine> intended = new HashMap<>();
    private final Map<String, HistoryLine> published = new LinkedHashMap<>();
    private final Set<String> uncertain = new HashSet<>();
    private final Set<String> planted = new HashSet<>();
    private final Map<String, BitSet> arrived = new HashMap<>();
    private final Map<String, HistoryLine> deliveries = new HashMap<>();
    private final Map<String, String> labelOf = new HashMap<>();
    private final Map<String, String> idOf = new HashMap<>();
    private final Map<String, Set<Integer>> checkpoints = new HashMap<>();
    private final Map<String, HistoryLine> acked = new HashMap<>();
    private final Map<String, HistoryLine> returning = new HashMap<>();
    private final Map<String, HistoryLine> returned = new HashMap<>();
    private final Map<String, String> ownerOf = new HashMap<>();
    private final Map<String, Long> diedAt = new HashMap<>();
    private long crashes;
    private long wrong;
    private long duplicates;
    private long recoveries;
    private long robbed;

    Checker(Rules rules) {
        this.rules = rules;
    }

    /**
     * The verdict on a run that is over.
     *
     * @param lines of all its ledgers, in order of time
     */
    Verdict checker(List<HistoryLine> lines) {
        lines.forEach(this::learn);
        lines.forEach(this::check);
        long lost = checkPublished();
        long publishedMessages =
                published.values().stream().mapToLong(line -> line.count(1)).sum();
        long delivered =
                arrived.values().stream().mapToLong(BitSet::cardinality).sum();
        return new Verdict(
                new Tally(crashes, publishedMessages, delivered, lost, wrong, duplicates, recoveries, robbed),
                List.copyOf(violations),
                List.of());
    }

    /** What must be known before anything can be judged, since lines of two processes may come in either order. */
    private void learn(HistoryLine line) {
        switch (line.entry()) {
            case INTENDED -> intended.put(line.word(0), line);
            case PUBLISHED -> published.put(line.word(0), line);
            case UNCERTAIN -> uncertain.add(line.word(0));
            case PLANTED -> planted.add(line.word(0));
            case OWNER -> ownerOf.put(line.word(0), line.writer());
            case DYING -> diedAt.putIfAbsent(line.writer(), line.nanos());
            case KILLING -> diedAt.putIfAbsent(line.word(0), line.nanos());
            case CHECKPOINT ->
                checkpoints.computeIfAbsent(line.word(0), id -> new HashSet<>()).add(line.count(4));
            case RETURNING -> returning.putIfAbsent(attempt(line, 1), line);
            default -> {
                // judged below
            }
        }
    }

    private void check(HistoryLine line) {
        switch (line.entry()) {
            case DELIVERED -> delivered(line);
            case CHECKPOINT -> content(line);
            case ACKED -> acked(line);
            case RETURNING -> returning(line);
            case RETURNED -> returned(line);
            case FENCED -> fenced(line);
            case WRONG -> wrong(1, "wrong content", line);
            case LEAKED -> violated("left open or left behind", line);
            case TROUBLE -> violated("trouble", line);
            case KILLING, STRUCK, PLANTED -> crashes++;
            case DYING -> crashes += line.word(0).equals("halt") ? 1 : 0;
            case INTENDED, PUBLISHED, UNCERTAIN, OWNER -> {
                // learnt above
            }
        }
    }

    private static String attempt(HistoryLine line, int id) {
        return line.word(id) + " attempt " + line.word(id + 1);
    }

    private void delivered(HistoryLine line) {
        if (!content(line)) {
            return;
        }
        String id = line.word(0);
        String label = line.word(2);
        boolean maybeTwice = uncertain.contains(label);
        HistoryLine before = deliveries.put(attempt(line, 0), line);
        if (before != null && !maybeTwice && !rules.renamesUndone()) {
            violated("delivered twice under one attempt, before by " + before, line);
        }
        String otherLabel = labelOf.putIfAbsent(id, label);
        String otherId = idOf.putIfAbsent(label, id);
        if (otherLabel != null && !otherLabel.equals(label)) {
            violated("one id for two batches, the other is " + otherLabel, line);
        }
        if (otherId != null && !otherId.equals(id) && !maybeTwice) {
            violated("published once and there twice, also as " + otherId, line);
        }
        announced(line);
    }

    /** Whether a delivery after the first was told of beforehand. */
    private void announced(HistoryLine line) {
        String id = line.word(0);
        int attempt = line.count(1);
        if (attempt > 0 && !rules.renamesUndone() && !returning.containsKey(id + " attempt " + (attempt - 1))) {
            violated("delivered again, but nobody recorded that the attempt before it was returned", line);
        }
        HistoryLine done = acked.get(id);
        if (done != null && done.count(1) < attempt && !rules.renamesUndone()) {
            violated("delivered after it was acked by " + done, line);
        }
    }

    /** What arrived against what was sent; false if it was never sent. */
    private boolean content(HistoryLine line) {
        String id = line.word(0);
        String label = line.word(2);
        int first = line.count(3);
        int last = line.count(4);
        int total = line.count(5);
        if (planted.contains(id)) {
            wrong(last - first + 1, "a damaged or hostile file was delivered", line);
            return false;
        }
        HistoryLine sent = intended.get(label);
        if (sent == null || sent.count(1) != total) {
            wrong(last - first + 1, "never sent", line);
            return false;
        }
        if (!line.word(6).equals(Payload.crc(label, first, last, total))) {
            wrong(last - first + 1, "content is not what was sent", line);
        }
        boolean startsRight =
                first == 1 || checkpoints.getOrDefault(id, Set.of()).contains(first - 1);
        if (!startsRight || (line.entry() == Entry.DELIVERED && last != total)) {
            wrong(last - first + 1, "delivered in part", line);
        }
        if (line.entry() == Entry.DELIVERED) {
            duplicates += arrivals(label).get(first, last + 1).cardinality();
        }
        arrivals(label).set(first, last + 1);
        return true;
    }

    private BitSet arrivals(String label) {
        return arrived.computeIfAbsent(label, added -> new BitSet());
    }

    private void acked(HistoryLine line) {
        HistoryLine before = acked.put(line.word(0), line);
        if (before != null && !rules.renamesUndone()) {
            violated("acked twice, before by " + before, line);
        }
        oneEnd(line, returned.get(attempt(line, 0)));
    }

    private void returned(HistoryLine line) {
        returned.put(attempt(line, 1), line);
        HistoryLine ack = acked.get(line.word(1));
        oneEnd(line, ack != null && ack.word(1).equals(line.word(2)) ? ack : null);
        if (!line.writer().equals(ownerOf.get(line.word(3)))) {
            recoveries++;
        }
    }

    private void oneEnd(HistoryLine line, @Nullable HistoryLine other) {
        if (other != null && !rules.renamesUndone()) {
            violated("one attempt was both acked and returned, the other line is " + other, line);
        }
    }

    /** The owner's death is written down before it happens, so a return of a dead owner's batch comes after that line. */
    private void returning(HistoryLine line) {
        String owner = ownerOf.get(line.word(3));
        if (owner == null) {
            violated("returned from an owner directory that nobody ever opened", line);
            return;
        }
        Long death = diedAt.get(owner);
        boolean alive = death == null || line.nanos() < death;
        if (alive
                && !rules.renamesUndone()
                && !owner.equals(line.writer())
                && !rules.leased().contains(line.word(0))) {
            robbed++;
            violated("robbed: its owner " + owner + " was alive", line);
        }
    }

    private void fenced(HistoryLine line) {
        if (!rules.leased().contains(line.word(0))) {
            violated("a live owner found its claim gone", line);
        }
    }

    /** Messages that were published and never arrived. */
    private long checkPublished() {
        long lost = 0;
        for (HistoryLine line : published.values()) {
            int total = line.count(1);
            int missing =
                    total - arrived.getOrDefault(line.word(0), new BitSet()).cardinality();
            if (missing > 0) {
                lost += missing;
                if (!rules.lossAllowed()) {
                    violated("lost: " + missing + " of " + total + " messages were never delivered", line);
                }
            }
        }
        return lost;
    }

    private void wrong(int messages, String what, HistoryLine line) {
        wrong += messages;
        violated(what, line);
    }

    private void violated(String what, HistoryLine line) {
        violations.add(what + " (" + line + ")");
    }
}
