package io.turboqueue.examples.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A contestant's JVM. It does what it is asked by lines on its standard input, a command and a {@link Workload}, and answers
 * each with a line of numbers; times are those of {@link System#nanoTime}, which on Linux is one clock for the whole host.
 */
final class SubjectMain {

    /** What an answer begins with, as libraries may print things too. */
    static final String ANSWER = "= ";

    private final Subject contestant;
    private @Nullable Workload known;
    private byte[][] payloads = {};

    private SubjectMain(Subject contestant) {
        this.contestant = contestant;
    }

    /** Serves until its standard input ends, which it also does when the benchmark dies. */
    public static void main(String[] arguments) throws Exception {
        try (Subject contestant = Peer.valueOf(arguments[0]).open(Path.of(arguments[1]))) {
            new SubjectMain(contestant).serve();
        } catch (Exception failed) {
            failed.printStackTrace();
            System.exit(1); // whatever threads a peer has left running
        }
        System.exit(0);
    }

    private void serve() throws Exception {
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        answer(); // ready
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            int space = line.indexOf(' ');
            Workload workload = Workload.parse(line.substring(space + 1));
            if (!workload.equals(known)) {
                payloads = workload.payloads();
                known = workload;
            }
            obey(line.substring(0, space), workload);
        }
    }

    private void obey(String command, Workload workload) throws Exception {
        switch (command) {
            case "round" -> round(workload);
            case "write" -> write(workload);
            case "read" -> read(workload);
            case "drain" -> drain(workload);
            default -> throw new IOException("no such command: " + command);
        }
    }

    private void round(Workload workload) throws Exception {
        long writing = 0;
        long reading = 0;
        for (int cycle = 0; cycle < workload.cycles(); cycle++) {
            contestant.prepare(workload);
            long start = System.nanoTime();
            contestant.write(workload, payloads);
            long middle = System.nanoTime();
            require(contestant.read(workload), workload.cycleBytes());
            reading += System.nanoTime() - middle;
            writing += middle - start;
        }
        answer(writing, reading);
    }

    private void write(Workload workload) throws Exception {
        contestant.prepare(workload);
        long start = System.nanoTime();
        for (int cycle = 0; cycle < workload.cycles(); cycle++) {
            contestant.write(workload, payloads);
        }
        answer(start, System.nanoTime());
    }

    private void read(Workload workload) throws Exception {
        contestant.prepare(workload);
        long start = System.nanoTime();
        for (int cycle = 0; cycle < workload.cycles(); cycle++) {
            require(contestant.read(workload), workload.cycleBytes());
        }
        answer(start, System.nanoTime());
    }

    private void drain(Workload workload) throws Exception {
        contestant.prepare(workload);
        long start = System.nanoTime();
        QueueSubject.Drained drained = ((QueueSubject) contestant).drain(workload);
        answer(start, drained.endNanos(), drained.messages(), drained.claims(), drained.lost());
    }

    private static void require(long read, long written) {
        if (read != written) {
            throw new IllegalStateException("read " + read + " bytes of payload and not " + written);
        }
    }

    private static void answer(long... numbers) {
        StringBuilder line = new StringBuilder(ANSWER);
        for (long number : numbers) {
            line.append(number).append(' ');
        }
        System.out.println(line);
    }
}
