/**
 * Torture for the queue: producers, consumers and maintenance in processes of their own, killed and stopped without mercy on
 * whatever file system they are pointed at, and a checker who reads what they wrote down.
 *
 * <ul>
 *   <li>{@link io.turboqueue.examples.torture.Torture} is the command. Each {@link io.turboqueue.examples.torture.Nemesis} is a way to
 *       hurt; all share the processes of a {@link io.turboqueue.examples.torture.Cluster} in a folder, the
 *       {@link io.turboqueue.examples.torture.TestBed}.
 *   <li>A process appends to a ledger of its own what it intends, did and saw, each line with a single {@code write}, which a
 *       killed process has done whole or not at all. {@link io.turboqueue.examples.torture.Entry} lists the kinds of lines.
 *       What is given back to a queue is seen by {@link io.turboqueue.examples.torture.RecordingDisk}, which lies under the spool.
 *   <li>{@link io.turboqueue.examples.torture.Checker} is pure: ledger lines in, violations in words out. What is left on disk
 *       is looked at by {@link io.turboqueue.examples.torture.Remains}.
 *   <li>Wrong variants of the queue, which the checker must catch, are among the tests: see
 *       {@link io.turboqueue.examples.torture.Control}.
 * </ul>
 */
@NullMarked
package io.turboqueue.examples.torture;

import org.jspecify.annotations.NullMarked;
