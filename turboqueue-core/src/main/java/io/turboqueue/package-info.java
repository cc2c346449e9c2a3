/**
 * TurboQueue: a batch queue in the file system, whose processes share nothing else.
 *
 * <p>Producers write batches of messages into SQLite files. Consumers in other processes claim a batch by renaming its
 * file. There is neither a broker nor a daemon, and processes share no lock: the file system coordinates them.
 *
 * <h2>What is promised</h2>
 *
 * <ul>
 *   <li><b>At least once, for every batch whose publishing returned.</b> {@code send} buffers; the queue accepts a
 *       message when the batch that holds it is published. Duplicates appear only after a crash, a nack or a lost
 *       claim, and the attempt number says so.
 *   <li><b>Order</b>: always inside a batch; across batches by priority, then due time, approximately if there are many
 *       consumers.
 *   <li><b>Durability</b>, chosen per queue: {@link io.turboqueue.Durability}.
 *   <li>A live owner never loses its claims, however slow it is, even while it is stopped, unless the queue sets
 *       {@code delivery.maxProcessingTime}. A process that lost a claim can neither ack it nor give it back, because
 *       the file no longer has the name that it knows.
 *   <li>Local POSIX file systems, one host, one mount per spool.
 * </ul>
 *
 * <p>Parameters and results are never null unless they are marked {@code @Nullable}. Sizes are in bytes.
 *
 * <p>Start with {@link io.turboqueue.Spool}. The protocol is described in package {@code directory}, the file format in
 * package {@code batch}.
 */
@NullMarked
package io.turboqueue;

import org.jspecify.annotations.NullMarked;
