package io.turboqueue.examples.flights;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What came of a run.
 *
 * @param workload what was to be done
 * @param results what the results database holds
 * @param speed how fast it was
 * @param workers the processes that did it
 * @param verification whether it came out right
 */
record Outcome(Workload workload, Results.Summary results, Speed speed, Workers workers, Verification verification) {

    /**
     * How fast a run was.
     *
     * @param startSeconds from the start of the first process until a producer was ready to send
     * @param seconds from then to the last acknowledged batch
     * @param publishingSeconds from then to the last published batch
     * @param consumingSeconds from the first claimed batch to the last acknowledged one
     */
    record Speed(double startSeconds, double seconds, double publishingSeconds, double consumingSeconds) {}

    /**
     * The processes of a run.
     *
     * @param restarts how often one was started again
     */
    record Workers(int producers, int consumers, int restarts) {}

    /** Messages per second in that time. */
    long rate(double seconds) {
        return seconds > 0 ? Math.round(workload.messages() / seconds) : 0;
    }

    /** The line that {@code --json} prints. */
    String json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("messages", results.messages());
        json.put("seconds", rounded(speed.seconds()));
        json.put("verified", verification.equal());
        json.put("duplicates", results.duplicates());
        json.put("batches", results.batches());
        json.put("messagesPerSecond", rate(speed.seconds()));
        json.put("publishedPerSecond", rate(speed.publishingSeconds()));
        json.put("consumedPerSecond", rate(speed.consumingSeconds()));
        json.put("startSeconds", rounded(speed.startSeconds()));
        json.put("producers", workers.producers());
        json.put("consumers", workers.consumers());
        json.put("restarts", workers.restarts());
        return json.toString();
    }

    private static double rounded(double seconds) {
        return Math.round(seconds * 1000) / 1000.0;
    }
}
