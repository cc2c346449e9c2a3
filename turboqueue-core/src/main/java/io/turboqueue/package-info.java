/**
 * TurboQueue: a file-system, shared-nothing batch queue.
 *
 * <p>Producers write batches of messages into SQLite files; consumers in other processes claim a batch by renaming its
 * file. There is no broker, no daemon and no shared lock: the file system is the coordinator.
 *
 * <h2>What is promised</h2>
 *
 * <ul>
 *   <li><b>At least once, per batch, for every batch whose publish returned.</b> {@code send} buffers; a message is
 *       accepted when the batch that holds it is published. Duplicates appear only after a crash, a nack or a lost claim,
 *       and the attempt number says so.
 *   <li><b>Order</b>: inside a batch always; across batches by priority, then due time, approximately with many consumers.
 *   <li><b>Durability</b>, chosen per queue: {@link io.turboqueue.Durability}.
 *   <li>A live owner is never robbed, however slow or stopped it is, unless the queue sets
 *       {@code delivery.maxProcessingTime}. Who lost a claim can neither ack nor give back: its name no longer exists.
 *   <li>Local POSIX file systems, one host, one mount per spool.
 * </ul>
 *
 * <p>Start at {@link io.turboqueue.Spool}. The protocol is described in package {@code directory}, the file in package
 * {@code batch}.
 */
@NullMarked
package io.turboqueue;

import org.jspecify.annotations.NullMarked;
