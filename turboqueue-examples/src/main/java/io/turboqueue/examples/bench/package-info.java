/** Measures the figures of {@code doc/benchmarks.md}; see {@code scripts/bench}. */
@NullMarked
package io.turboqueue.examples.bench;

import org.jspecify.annotations.NullMarked;
