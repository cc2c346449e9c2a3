/**
 * The {@code turboqueue} command: looks into queues, feeds and empties them, repairs and operates them. A thin skin over
 * {@code inspect}, {@code directory} and the public API.
 *
 * <pre>{@code
 *   Main --- look       verbs that only look
 *        |-- messages   verbs that produce and consume
 *        |-- repair     verbs that change where batches are
 *             |
 *             v
 *           frame       surroundings, options, exit codes, finding batches
 *             |
 *             v
 *           text        tables, numbers, times, colours, JSON
 * }</pre>
 *
 * Exit codes: 0 done, 1 failed, 2 the command line is wrong, 3 nothing found or not in time, 4 damage found. Results go to
 * the standard output, everything else to the error output. Tables, colours and redrawing are for terminals; elsewhere
 * values come between tabs.
 */
@NullMarked
package io.turboqueue.cli;

import org.jspecify.annotations.NullMarked;
