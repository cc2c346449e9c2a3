package io.turboqueue.examples.torture;

import java.util.List;

/**
 * A line of a ledger.
 *
 * @param writer the process that wrote it
 * @param number which line of its ledger, from 1
 * @param nanos when, by the machine's monotonic clock, which all its processes share
 * @param entry what it is
 * @param words what it says
 */
record HistoryLine(String writer, int number, long nanos, Entry entry, List<String> words) {

    /** The n-th word, from 0. */
    String word(int n) {
        return words.get(n);
    }

    /** The n-th word as a number. */
    int count(int n) {
        return Integer.parseInt(words.get(n));
    }

    @Override
    public String toString() {
        return writer + ":" + number + ": " + entry + " " + String.join(" ", words);
    }
}
