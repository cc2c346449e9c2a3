package io.turboqueue.examples.bench;

/** A part of the benchmark. */
interface Section {

    /** Measures, and tells the report. */
    void run(Report report) throws Exception;
}
