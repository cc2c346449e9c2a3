package io.turboqueue.examples.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A process of a cluster.
 *
 * @param assignment what it does
 * @param process the process
 * @param log what it prints
 */
record ClusterProcess(Assignment assignment, Process process, Path log) {

    private static final int LINES_OF_A_WORKER = 400;

    String name() {
        return assignment.name();
    }

    Role role() {
        return assignment.role();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Whether it has done something already; a process that has just started is not a victim worth killing. */
    boolean isAtWork() throws IOException {
        long least = role() == Role.MAINTENANCE ? 1 : LINES_OF_A_WORKER;
        return isAlive() && Files.exists(assignment.ledger()) && Files.size(assignment.ledger()) >= least;
    }

    /** Whether it has published a batch, by its ledger. */
    boolean hasPublished() throws IOException {
        return Files.exists(assignment.ledger())
                && Files.readString(assignment.ledger()).contains(Entry.PUBLISHED + " ");
    }

    /** Kills it without mercy and waits until it is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** Stops it: it lives, but does nothing. */
    void stop() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** Lets it continue. */
    void goOn() throws IOException, InterruptedException {
        signal("CONT");
    }

    /** Makes it print what its threads are doing. */
    void dump() throws IOException, InterruptedException {
        signal("QUIT");
        process.waitFor(2, TimeUnit.SECONDS);
    }

    private void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid())
                .start()
                .waitFor();
    }

    /** Asks it to end after the work at hand. */
    void askToEnd() throws IOException {
        process.getOutputStream().close();
    }

    /** The last it printed. */
    String lastWords() throws IOException {
        String text = Files.exists(log) ? Files.readString(log).strip() : "";
        return text.length() <= 2000 ? text : text.substring(0, 2000) + "...";
    }
}
