package io.turboqueue.examples.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs entries in turn, round after round, so that whatever else the machine does meets all of them alike. */
final class Benchmark implements AutoCloseable {

    private final Path folder;
    private final Map<Peer, SubjectProcess> processes = new EnumMap<>(Peer.class);

    Benchmark(Path folder) {
        this.folder = folder;
    }

    /** Messages per second of each entry, in the rounds after those that warm up. */
    Map<Entry, Rates> run(List<Entry> entries, int warmUp, int rounds) throws IOException {
        enter(entries.stream().map(Entry::peer).distinct().toList());
        Map<Entry, Rates> rates = new LinkedHashMap<>();
        for (int round = 0; round < warmUp + rounds; round++) {
            for (Entry entry : entries) {
                Workload workload = entry.workload();
                List<Long> spent = process(entry.peer()).ask("round", workload);
                if (round >= warmUp) {
                    long messages = (long) workload.cycleMessages() * workload.cycles();
                    rates.computeIfAbsent(entry, unused -> new Rates()).add(messages, spent.get(0), spent.get(1));
                }
            }
        }
        return rates;
    }

    /** Starts those that are not there yet, all at once. */
    private void enter(List<Peer> peers) throws IOException {
        List<Peer> missing =
                peers.stream().filter(peer -> !processes.containsKey(peer)).toList();
        for (Peer peer : missing) {
            processes.put(peer, SubjectProcess.start(peer, folder.resolve(peer.name())));
        }
        for (Peer peer : missing) {
            process(peer).answer();
        }
    }

    private SubjectProcess process(Peer peer) {
        SubjectProcess process = processes.get(peer);
        if (process == null) {
            throw new IllegalStateException(peer + " has not entered");
        }
        return process;
    }

    @Override
    public void close() throws IOException {
        for (SubjectProcess process : processes.values()) {
            process.close();
        }
    }
}
