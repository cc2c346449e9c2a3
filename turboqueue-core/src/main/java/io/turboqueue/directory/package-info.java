/**
 * The protocol: names, desks and transitions. Knows nothing of SQLite or of what a batch holds.
 *
 * <h2>Contract</h2>
 *
 * <ul>
 *   <li>A published batch never changes. Everything that changes about it is its name and its folder. Its file may become
 *       another batch only after the last name of this one is gone, see {@code FreeFiles}.
 *   <li>Every transition is one rename or one unlink, and so a compare-and-swap: whoever finds the source gone lost the
 *       race, which is a result, not an error. Every target name is unique, so nothing is ever overwritten.
 *   <li>A process writes only at its own desk. What processes share are renames into and out of a queue's folders.
 *   <li>A desk whose owner died is cleared by whoever notices. An owner that lives, however slow or stopped, is never
 *       robbed, unless its queue sets {@code delivery.maxProcessingTime}.
 *   <li>What is in {@code ready/} is claimable whatever the clock says; only {@code later/} looks at the time.
 * </ul>
 *
 * <h2>On disk</h2>
 *
 * <pre>{@code
 *   SPOOL/                                        0700
 *     turboqueue.json                             defaults for every queue (optional)
 *     owners/PID-RANDOM16/                        a desk, one for each process at work
 *       beacon                                    locked for as long as the process lives
 *       loading~QUEUE~ID.db                       a batch being filled
 *       claimed~NUMBER~QUEUE~NAME                 a batch being processed
 *     QUEUE/
 *       queue.json                                settings (optional)
 *       free/ID.db                              emptied files, to be filled again; what is in them means nothing
 *       paused                                  there for as long as consumers are to claim nothing
 *       ready/NAME   later/NAME   held/NAME   dead/NAME-without-.db~REASON.db
 *   NAME = P-DUE-ID[.nROWS.bBYTES.cCRC][.aATTEMPT][.oOFFSET].db      see BatchName
 * }</pre>
 *
 * <h2>States</h2>
 *
 * <pre>{@code
 *              publish                claim                   ack
 *   loading ------------> ready ---------------> claimed ------------> (gone)
 *      |                  ^  ^ ^  put back, retry,  | |  |
 *      | publish,         |  | +--desk cleared------+ |  | nack with a delay
 *      | delayed          |  |                        |  v
 *      +-------> later ---+  +-----redrive---- dead <-+  later
 *                   promote when due
 * }</pre>
 *
 * <table>
 *   <caption>Transitions</caption>
 *   <tr><th>step</th><th>one operation</th><th>source gone means</th><th>kill -9 right after it</th></tr>
 *   <tr><td>open desk</td><td>rename {@code owners/.new-X} (beacon locked) to {@code owners/X}</td>
 *       <td>cleared: start again with a new X</td><td>unlocked desk: cleared by anyone</td></tr>
 *   <tr><td>load</td><td>create {@code loading~...}, or rename it from {@code free/}</td><td>-</td><td>deleted, never promoted</td></tr>
 *   <tr><td>publish</td><td>[POWER: fsync file] rename to {@code ready/} [POWER: fsync {@code ready/}]</td>
 *       <td>desk was cleared: error, the caller still has the messages</td>
 *       <td>published; a resend is a duplicate</td></tr>
 *   <tr><td>claim</td><td>rename to {@code claimed~N~...}, N never repeats</td><td>another consumer won</td>
 *       <td>back to {@code ready/}, attempt + 1</td></tr>
 *   <tr><td>checkpoint</td><td>rename the claim to a new offset</td><td>claim lost</td>
 *       <td>redelivery starts after the offset</td></tr>
 *   <tr><td>ack</td><td>unlink, or rename to {@code free/}</td><td>claim lost</td><td>gone</td></tr>
 *   <tr><td>retry</td><td>rename to {@code later/} or {@code ready/}, attempt + 1</td><td>claim lost</td>
 *       <td>either name is a known state</td></tr>
 *   <tr><td>promote</td><td>rename {@code later/} to {@code ready/} once due</td><td>another did it</td><td>either</td></tr>
 *   <tr><td>dead letter</td><td>rename to {@code dead/}</td><td>claim lost</td><td>either</td></tr>
 *   <tr><td>redrive</td><td>rename {@code dead/} to {@code ready/}, attempt 0</td><td>another did it</td><td>either</td></tr>
 *   <tr><td>hold</td><td>rename {@code ready/} or {@code later/} to {@code held/}</td><td>claimed or promoted</td>
 *       <td>either</td></tr>
 *   <tr><td>release</td><td>rename {@code held/} to {@code ready/}, or {@code later/} if not due</td>
 *       <td>another did it</td><td>either</td></tr>
 *   <tr><td>move</td><td>rename into the same folder of another queue</td><td>claimed or moved</td><td>either</td></tr>
 *   <tr><td>drop</td><td>unlink</td><td>claimed or dropped</td><td>gone</td></tr>
 *   <tr><td>pause, resume</td><td>create, unlink {@code paused}</td><td>done already</td><td>either</td></tr>
 *   <tr><td>take back</td><td>rename a live owner's claim to {@code ready/}, attempt + 1</td><td>just acked</td>
 *       <td>either; the late owner finds its claim gone</td></tr>
 *   <tr><td>clear a desk</td><td>holding its beacon's lock: claims to {@code ready/} or {@code dead/}, loadings deleted,
 *       desk removed last</td><td>another is clearing it</td><td>the next one goes on</td></tr>
 * </table>
 */
@NullMarked
package io.turboqueue.directory;

import org.jspecify.annotations.NullMarked;
