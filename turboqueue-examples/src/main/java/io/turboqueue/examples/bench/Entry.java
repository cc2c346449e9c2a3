package io.turboqueue.examples.bench;

/** Who does what in a contest. */
record Entry(Peer peer, Workload workload) {}
