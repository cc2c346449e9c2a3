package io.turboqueue.examples.bench;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What surviving a power cut costs, at batches of about 1 MB. */
final class PowerSection implements Section {

    private static final String GROUP = "write, 100 B, batches of 10,000, by durability";

    private final Benchmark contest;
    private final Plan plan;

    PowerSection(Benchmark contest, Plan plan) {
        this.contest = contest;
        this.plan = plan;
    }

    @Override
    public void run(Report report) throws IOException {
        Workload workload = plan.workload(100, 10_000, 5, 1);
        Entry process = new Entry(Peer.QUEUE, workload);
        Entry power = new Entry(Peer.QUEUE_POWER, workload);
        Map<Entry, Rates> rates = contest.run(List.of(process, power), 1, plan.rounds());
        Samples without = rates.getOrDefault(process, new Rates()).write();
        Samples with = rates.getOrDefault(power, new Rates()).write();
        report.add(Figure.of(GROUP, "PROCESS", "messages/s", without));
        report.add(Figure.of(GROUP, "POWER", "messages/s", with));
        report.add(Ratio.shown("POWER / PROCESS, write, batches of 1 MB", with.median() / without.median()));
    }
}
