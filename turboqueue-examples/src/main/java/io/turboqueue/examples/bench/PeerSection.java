package io.turboqueue.examples.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** 100-byte messages in batches of 10,000, one thread: against the file system and against the peers. */
final class PeerSection implements Section {

    static final String GROUP = "100 B, batches of 10,000";

    private static final int BYTES = 100;
    private static final int ROWS = 10_000;
    private static final int BACKLOG = 10;

    private final Benchmark contest;
    private final Plan plan;

    PeerSection(Benchmark contest, Plan plan) {
        this.contest = contest;
        this.plan = plan;
    }

    @Override
    public void run(Report report) throws IOException {
        List<Entry> entries = entries();
        Map<Entry, Rates> measured = contest.run(entries, plan.warmUp(), plan.rounds());
        Map<Peer, Rates> rates = new EnumMap<>(Peer.class);
        measured.forEach((entry, of) -> rates.put(entry.peer(), of));
        rates.forEach((peer, of) -> report.add(Figure.of("write, " + GROUP, peer.title(), "messages/s", of.write())));
        rates.forEach((peer, of) -> report.add(Figure.of("read, " + GROUP, peer.title(), "messages/s", of.read())));
        new Verdict(report, rates).pronounce();
    }

    /** The slower ones get fewer messages, or they would take all the time; a rate needs no more. */
    private List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        for (Peer peer : List.of(
                Peer.FLOOR, Peer.QUEUE, Peer.QUEUE_VIEWS, Peer.ENGINE, Peer.FLOOR_OVERWRITING, Peer.CHRONICLE)) {
            entries.add(new Entry(peer, plan.workload(BYTES, ROWS, BACKLOG, 15)));
        }
        entries.add(new Entry(Peer.MEMORY, plan.workload(BYTES, ROWS, BACKLOG, 15)));
        entries.add(new Entry(Peer.QUEUE_JDBC, plan.workload(BYTES, ROWS, BACKLOG, 5)));
        entries.add(new Entry(Peer.ENGINE_JDBC, plan.workload(BYTES, ROWS, BACKLOG, 5)));
        entries.add(new Entry(Peer.TABLE, plan.workload(BYTES, 500, 1, 8)));
        entries.add(new Entry(Peer.TAPE, plan.workload(BYTES, 20, 1, 2)));
        if (Programs.isOnPath("redis-server")) {
            entries.add(new Entry(Peer.REDIS, plan.workload(BYTES, ROWS, BACKLOG, 1)));
        }
        return entries;
    }

    /** The ratios between the entries. */
    private record Verdict(Report report, Map<Peer, Rates> rates) {

        void pronounce() {
            writeAndRead(Peer.QUEUE, Peer.FLOOR, "floor", 0.65, 0.65);
            writeAndRead(Peer.QUEUE, Peer.QUEUE_JDBC, "jdbc engine", 10, 5);
            writeAndRead(Peer.QUEUE, Peer.CHRONICLE, "Chronicle", 2, 0.8);
            report.add(Ratio.shown("read, payloads not copied / floor", read(Peer.QUEUE_VIEWS, Peer.FLOOR)));
            report.add(Ratio.shown(
                    "read, payloads not copied / Chronicle, which copies into one buffer",
                    read(Peer.QUEUE_VIEWS, Peer.CHRONICLE)));
            report.add(Ratio.atLeast(
                    "write / shared SQLite table, one message a transaction", write(Peer.QUEUE, Peer.TABLE), 100));
            report.add(Ratio.shown("read / shared SQLite table", read(Peer.QUEUE, Peer.TABLE)));
            shown(Peer.ENGINE, Peer.FLOOR, "engine alone: ", "floor");
            shown(Peer.ENGINE, Peer.ENGINE_JDBC, "engine alone: ", "jdbc engine alone");
            shown(Peer.QUEUE, Peer.FLOOR_OVERWRITING, "", "floor that overwrites files");
            shown(Peer.FLOOR_OVERWRITING, Peer.FLOOR, "floor that overwrites files: ", "floor");
            shown(Peer.QUEUE, Peer.MEMORY, "", "LinkedBlockingQueue");
            shown(Peer.QUEUE, Peer.TAPE, "", "Tape, which syncs each message");
            if (rates.containsKey(Peer.REDIS)) {
                shown(Peer.QUEUE, Peer.REDIS, "", "Redis list, pipelined");
            } else {
                report.note("Redis lists, pipelined: redis-server is not on this machine");
            }
        }

        private void writeAndRead(Peer one, Peer other, String name, double writeTarget, double readTarget) {
            report.add(Ratio.atLeast("write / " + name, write(one, other), writeTarget));
            report.add(Ratio.atLeast("read / " + name, read(one, other), readTarget));
        }

        private void shown(Peer one, Peer other, String who, String name) {
            report.add(Ratio.shown(who + "write / " + name, write(one, other)));
            report.add(Ratio.shown(who + "read / " + name, read(one, other)));
        }

        private double write(Peer one, Peer other) {
            return of(one).write().median() / of(other).write().median();
        }

        private double read(Peer one, Peer other) {
            return of(one).read().median() / of(other).read().median();
        }

        private Rates of(Peer peer) {
            Rates found = rates.get(peer);
            if (found == null) {
                throw new IllegalStateException(peer + " was not measured");
            }
            return found;
        }
    }
}
