package io.turboqueue.examples.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Other sizes of messages and of batches, the queue against the floors. */
final class WorkloadSection implements Section {

    static final String SIZES = "by message size, in batches of 10,000 (of 100 at 100 KB)";
    private static final String REUSE = "write and read, engine alone, 100 B, batches of 100";
    static final String BATCHES = "by batch size, messages of 100 B";

    private static final double ONE_MESSAGE_TARGET = 15_000;
    private static final double REUSE_TARGET = 4;
    private static final List<Peer> PEERS = List.of(Peer.QUEUE, Peer.FLOOR, Peer.FLOOR_OVERWRITING);

    private final Benchmark contest;
    private final Plan plan;

    WorkloadSection(Benchmark contest, Plan plan) {
        this.contest = contest;
        this.plan = plan;
    }

    @Override
    public void run(Report report) throws IOException {
        smallBatches(report);
        messageSizes(report);
    }

    private void smallBatches(Report report) throws IOException {
        Workload oneByOne = plan.workload(100, 1, 1, 2000);
        Workload backlog = plan.workload(100, 1, 100, 20);
        Map<String, Workload> workloads = new LinkedHashMap<>();
        workloads.put("1, one by one", oneByOne);
        workloads.put("1, backlog of 100", backlog);
        workloads.put("100", plan.workload(100, 100, 50, 20));
        workloads.put("10,000", plan.workload(100, 10_000, 10, 4));
        Map<Entry, Rates> rates = run(report, BATCHES, workloads);
        publishToAck(report, "batches of 1, one by one", of(rates, Peer.QUEUE, oneByOne));
        publishToAck(report, "batches of 1, backlog of 100", of(rates, Peer.QUEUE, backlog));
        ratios(report, "batches of ", workloads, rates);
        reuse(report);
    }

    /** The queue always reuses files, so what that is worth is shown without the queue around the engine. */
    private void reuse(Report report) throws IOException {
        Workload workload = plan.workload(100, 100, 50, 20);
        Entry reusing = new Entry(Peer.ENGINE_REUSING, workload);
        Entry creating = new Entry(Peer.ENGINE, workload);
        Map<Entry, Rates> rates = contest.run(List.of(reusing, creating), plan.warmUp(), plan.rounds());
        Samples with = of(rates, Peer.ENGINE_REUSING, workload).both();
        Samples without = of(rates, Peer.ENGINE, workload).both();
        report.add(Figure.of(REUSE, "files reused", "messages/s", with));
        report.add(Figure.of(REUSE, "new files", "messages/s", without));
        report.add(Ratio.atLeast(
                "batches of 100, engine alone: with reuse / without", with.median() / without.median(), REUSE_TARGET));
    }

    private static void publishToAck(Report report, String batches, Rates rates) {
        double median = rates.both().median();
        report.add(Figure.of(batches, "publish to ack", "messages/s", rates.both()));
        report.add(Ratio.share(batches + ": publish to ack a second", median, ONE_MESSAGE_TARGET));
    }

    private void messageSizes(Report report) throws IOException {
        Map<String, Workload> workloads = new LinkedHashMap<>();
        workloads.put("20 B", plan.workload(20, 10_000, 10, 4));
        workloads.put("100 B", plan.workload(100, 10_000, 10, 4));
        workloads.put("1000 B", plan.workload(1000, 10_000, 4, 2));
        workloads.put("100 KB", plan.workload(100_000, 100, 4, 2));
        ratios(report, "messages of ", workloads, run(report, SIZES, workloads));
    }

    private Map<Entry, Rates> run(Report report, String group, Map<String, Workload> workloads) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (Workload workload : workloads.values()) {
            PEERS.forEach(peer -> entries.add(new Entry(peer, workload)));
        }
        Map<Entry, Rates> rates = contest.run(entries, plan.warmUp(), plan.rounds());
        for (Peer peer : PEERS) {
            String who = peer == Peer.QUEUE ? "" : ", " + peer.title();
            workloads.forEach((name, workload) -> report.add(Figure.of(
                    "write, " + group + who,
                    name,
                    "messages/s",
                    of(rates, peer, workload).write())));
            workloads.forEach((name, workload) -> report.add(Figure.of(
                    "read, " + group + who,
                    name,
                    "messages/s",
                    of(rates, peer, workload).read())));
        }
        return rates;
    }

    private static void ratios(Report report, String what, Map<String, Workload> workloads, Map<Entry, Rates> rates) {
        workloads.forEach((name, workload) -> {
            Rates queue = of(rates, Peer.QUEUE, workload);
            Rates floor = of(rates, Peer.FLOOR, workload);
            Rates overwriting = of(rates, Peer.FLOOR_OVERWRITING, workload);
            report.add(Ratio.shown(
                    what + name + ": write / floor",
                    queue.write().median() / floor.write().median()));
            report.add(Ratio.shown(
                    what + name + ": read / floor",
                    queue.read().median() / floor.read().median()));
            report.add(Ratio.shown(
                    what + name + ": floor that overwrites / floor, write and read",
                    overwriting.both().median() / floor.both().median()));
        });
    }

    private static Rates of(Map<Entry, Rates> rates, Peer peer, Workload workload) {
        Rates found = rates.get(new Entry(peer, workload));
        if (found == null) {
            throw new IllegalStateException(peer + " was not measured");
        }
        return found;
    }
}
