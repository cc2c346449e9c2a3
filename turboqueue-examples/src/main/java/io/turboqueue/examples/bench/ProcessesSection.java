package io.turboqueue.examples.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One queue, several processes: a writer and a reader at once, and ever more readers. */
final class ProcessesSection implements Section {

    static final String CONSUMERS = "consumer processes on one queue, 100 B, batches of 10,000";

    private static final String TWO = "two processes on one queue, 100 B, batches of 10,000";
    private static final double END_TO_END_TARGET = 0.8;
    private static final double CONSUMERS_TARGET = 0.9;
    private static final double LOST_TARGET = 0.25;
    private static final double TABLE_TARGET = 100;
    private static final int ROUNDS_TO_COMPILE = 2;

    private final Path folder;
    private final Path tableFolder;
    private final Plan plan;

    ProcessesSection(Path folder, Plan plan) {
        this.folder = folder.resolve("processes");
        this.tableFolder = folder.resolve("processes-table");
        this.plan = plan;
    }

    @Override
    public void run(Report report) throws IOException {
        int most = plan.consumers().stream().mapToInt(Integer::intValue).max().orElse(1);
        List<SubjectProcess> consumers = new ArrayList<>();
        try (SubjectProcess producer = SubjectProcess.start(Peer.QUEUE, folder)) {
            producer.answer();
            enter(Peer.QUEUE, folder, most, consumers);
            writeAndReadAtOnce(report, producer, consumers.get(0));
            moreAndMore(report, producer, consumers);
            manyWriters(report, consumers);
        } finally {
            for (SubjectProcess consumer : consumers) {
                consumer.close();
            }
        }
    }

    /** Starts that many processes at once, to be closed by whoever holds the list. */
    private static void enter(Peer peer, Path folder, int count, List<SubjectProcess> processes) throws IOException {
        int before = processes.size();
        for (int i = 0; i < count; i++) {
            processes.add(SubjectProcess.start(peer, folder));
        }
        for (SubjectProcess process : processes.subList(before, processes.size())) {
            process.answer();
        }
    }

    private void writeAndReadAtOnce(Report report, SubjectProcess writer, SubjectProcess reader) throws IOException {
        Workload workload = plan.workload(100, 10_000, 10, 10);
        long messages = (long) workload.cycleMessages() * workload.cycles();
        Samples write = new Samples();
        Samples read = new Samples();
        Samples both = new Samples();
        for (int round = 0; round < plan.warmUp() + plan.rounds(); round++) {
            double writing = rate(messages, writer.ask("write", workload));
            double reading = rate(messages, reader.ask("read", workload));
            reader.send("read", workload);
            writer.send("write", workload);
            long start = writer.answer().get(0);
            double together = 1e9 * messages / (reader.answer().get(1) - start);
            if (round >= plan.warmUp()) {
                write.add(writing);
                read.add(reading);
                both.add(together);
            }
        }
        report.add(Figure.of(TWO, "write alone", "messages/s", write));
        report.add(Figure.of(TWO, "read alone", "messages/s", read));
        report.add(Figure.of(TWO, "both at once, end to end", "messages/s", both));
        report.add(Ratio.atLeast(
                "end to end in two processes / the slower of write and read alone",
                both.median() / Math.min(write.median(), read.median()),
                END_TO_END_TARGET));
    }

    private static double rate(long messages, List<Long> startAndEnd) {
        return 1e9 * messages / (startAndEnd.get(1) - startAndEnd.get(0));
    }

    private void moreAndMore(Report report, SubjectProcess producer, List<SubjectProcess> consumers)
            throws IOException {
        Workload workload = plan.workload(100, 10_000, 10, 32);
        Map<Integer, Samples> rates = new LinkedHashMap<>();
        Map<Integer, Samples> losses = new LinkedHashMap<>();
        compile(producer, consumers, workload);
        for (int round = 0; round < plan.warmUp() + plan.rounds() / 2 + 1; round++) {
            for (int count : plan.consumers()) {
                producer.ask("write", workload);
                Drain drain = drain(consumers.subList(0, count), workload, 1);
                if (round >= plan.warmUp()) {
                    rates.computeIfAbsent(count, unused -> new Samples()).add(drain.rate());
                    losses.computeIfAbsent(count, unused -> new Samples()).add(drain.lostPerClaim());
                }
            }
        }
        rates.forEach((count, samples) -> report.add(Figure.of(CONSUMERS, named(count), "messages/s", samples)));
        losses.forEach((count, samples) -> report.add(Figure.of("lost claims per claim", named(count), "", samples)));
        verdict(report, rates, losses);
    }

    /** Each consumer gets enough to do for its code to be compiled; in turn, or they would take each other's cores for it. */
    private static void compile(SubjectProcess producer, List<SubjectProcess> consumers, Workload workload)
            throws IOException {
        for (SubjectProcess consumer : consumers) {
            for (int round = 0; round < ROUNDS_TO_COMPILE; round++) {
                producer.ask("write", workload);
                drain(List.of(consumer), workload, 1);
            }
        }
    }

    private void verdict(Report report, Map<Integer, Samples> rates, Map<Integer, Samples> losses) {
        Samples alone = rates.getOrDefault(1, new Samples());
        for (int count : plan.consumers()) {
            if (count > 1) {
                double ratio = rates.getOrDefault(count, alone).median() / alone.median();
                double lost = losses.getOrDefault(count, alone).median();
                report.add(Ratio.atLeast("total rate with " + named(count) + " / with 1", ratio, CONSUMERS_TARGET));
                report.add(Ratio.atMost("lost claims per claim with " + named(count), lost, LOST_TARGET));
            }
        }
    }

    /** As many writers as there are consumers at most, of the queue and of the table: what does sharing cost each? */
    private void manyWriters(Report report, List<SubjectProcess> writers) throws IOException {
        Workload toQueue = plan.workload(100, 10_000, 10, 2);
        Workload toTable = plan.workload(100, 100, 1, 2);
        List<SubjectProcess> tables = new ArrayList<>();
        Samples queue = new Samples();
        Samples table = new Samples();
        try {
            enter(Peer.TABLE, tableFolder, 1, tables); // alone, as it makes the table
            enter(Peer.TABLE, tableFolder, writers.size() - 1, tables);
            for (int round = 0; round < plan.warmUp() + plan.rounds() / 2 + 1; round++) {
                double queueRate = writeAtOnce(writers, toQueue);
                drain(writers, toQueue, writers.size());
                double tableRate = writeAtOnce(tables, toTable);
                if (round >= plan.warmUp()) {
                    queue.add(queueRate);
                    table.add(tableRate);
                }
            }
        } finally {
            for (SubjectProcess process : tables) {
                process.close();
            }
        }
        String group = "write, 100 B, " + named(writers.size()) + " at once";
        report.add(Figure.of(group, Peer.QUEUE.title() + ", batches of 10,000", "messages/s", queue));
        report.add(Figure.of(group, Peer.TABLE.title(), "messages/s", table));
        report.add(Ratio.atLeast(
                "write / shared SQLite table, " + named(writers.size()) + " each",
                queue.median() / table.median(),
                TABLE_TARGET));
    }

    private static double writeAtOnce(List<SubjectProcess> writers, Workload workload) throws IOException {
        for (SubjectProcess writer : writers) {
            writer.send("write", workload);
        }
        long start = Long.MAX_VALUE;
        long end = Long.MIN_VALUE;
        for (SubjectProcess writer : writers) {
            List<Long> times = writer.answer();
            start = Math.min(start, times.get(0));
            end = Math.max(end, times.get(1));
        }
        return 1e9 * writers.size() * workload.cycleMessages() * workload.cycles() / (end - start);
    }

    /** The consumers take what that many producers wrote. */
    private static Drain drain(List<SubjectProcess> consumers, Workload workload, int producers) throws IOException {
        for (SubjectProcess consumer : consumers) {
            consumer.send("drain", workload);
        }
        Drain total = Drain.NOTHING;
        for (SubjectProcess consumer : consumers) {
            total = total.with(consumer.answer());
        }
        if (total.messages != (long) workload.cycleMessages() * workload.cycles() * producers) {
            throw new IllegalStateException("the consumers got " + total.messages + " messages");
        }
        return total;
    }

    private static String named(int count) {
        return count + (count == 1 ? " process" : " processes");
    }

    /** What several consumers did together, from the first one's start to the last one's last ack. */
    private record Drain(long start, long end, long messages, long claims, long lost) {

        static final Drain NOTHING = new Drain(Long.MAX_VALUE, Long.MIN_VALUE, 0, 0, 0);

        Drain with(List<Long> answer) {
            boolean took = answer.get(2) > 0;
            return new Drain(
                    Math.min(start, answer.get(0)),
                    took ? Math.max(end, answer.get(1)) : end,
                    messages + answer.get(2),
                    claims + answer.get(3),
                    lost + answer.get(4));
        }

        double rate() {
            return 1e9 * messages / (end - start);
        }

        double lostPerClaim() {
            return (double) lost / claims;
        }
    }
}
