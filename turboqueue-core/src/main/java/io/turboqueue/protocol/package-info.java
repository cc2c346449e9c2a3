/**
 * The protocol: names, owner directories and transitions. Knows nothing of SQLite or of what a batch holds.
 *
 * <h2>Contract</h2>
 *
 * <ul>
 *   <li>A published batch never changes. Everything that changes about it is its name and its folder. Its file may become
 *       another batch only after the last name of this one is gone, see {@code RecycledFiles}.
 *   <li>Every transition is one rename or one unlink, and so a compare-and-swap: whoever finds the source gone lost the
 *       race, which is a result, not an error. Ids are unique, so no batch is overwritten by another. Only a batch restored by
 *       a hard link can meet a second name of its own file: see {@code BatchRename}.
 *   <li>A process writes only in its own owner directory. What processes share are renames into and out of a queue's folders.
 *   <li>What a dead owner left is recovered by whoever notices. An owner that lives and holds its lock, however slow or
 *       stopped, is never robbed, unless its queue sets {@code delivery.maxProcessingTime}. {@code Liveness} says what counts
 *       as evidence, {@code doc/protocol.md} what remains.
 *   <li>What is in {@code ready/} is claimable whatever the clock says; only {@code delayed/} looks at the time.
 * </ul>
 *
 * <h2>On disk</h2>
 *
 * <pre>{@code
 *   SPOOL/                                        0700
 *     turboqueue.json                             defaults for every queue (optional)
 *     .reserve-N                                  room for an owner directory on a full disk; what is in it means nothing
 *     owners/format-2                             by which rules processes see who lives
 *     owners/PID-START-BOOT-NS-RANDOM/            an owner directory, one for each process at work: see OwnerName
 *       owner-N.lock                              locked for as long as the process lives
 *       loading~QUEUE~ID.db                       a batch being filled
 *       claimed~NUMBER~QUEUE~NAME                 a batch being processed
 *     QUEUE/
 *       queue.json                                settings (optional)
 *       free/ID.db                                emptied files, to be filled again; what is in them means nothing
 *       paused                                    there for as long as consumers are to claim nothing
 *       ready/NAME   delayed/NAME   held/NAME   dead/NAME-without-.db~REASON.db
 *   NAME = P-DUE-ID[.nROWS.bBYTES.cCRC][.aATTEMPT][.fFAILURES][.kKILLED][.oOFFSET|.xOFFSET].db      see BatchName
 * }</pre>
 *
 * <h2>States</h2>
 *
 * <pre>{@code
 *              publish                claim                   ack
 *   loading ------------> ready ---------------> claimed ------------> (gone)
 *      |                  ^  ^ ^  put back, retry,  | |  |
 *      | publish,         |  | +--owner died--------+ |  | nack with a delay
 *      | delayed          |  |                        |  v
 *      +-----> delayed ---+  +-----redrive---- dead <-+  delayed
 *                   promote when due
 * }</pre>
 *
 * <table>
 *   <caption>Transitions</caption>
 *   <tr><th>step</th><th>one operation</th><th>source gone means</th><th>kill -9 right after it</th></tr>
 *   <tr><td>open an owner directory</td><td>rename {@code owners/.new-X} (lock file locked) to {@code owners/X}</td>
 *       <td>recovered: start again with a new X</td><td>a dead owner's: recovered by anyone</td></tr>
 *   <tr><td>renew</td><td>move the lock file's time, lock it again; if it is gone, create, lock and rename the next one</td>
 *       <td>directory gone: take a new one</td><td>a dead owner's</td></tr>
 *   <tr><td>move to a new directory</td><td>open it; rename each claim into it; rename the old one to {@code left-X}</td>
 *       <td>claim recovered: lost</td><td>either is a dead owner's</td></tr>
 *   <tr><td>give a directory up</td><td>rename {@code X} to {@code left-X}</td><td>gone</td><td>recovered by anyone</td></tr>
 *   <tr><td>load</td><td>create {@code loading~...}, or rename it from {@code free/}</td><td>-</td><td>deleted, never promoted</td></tr>
 *   <tr><td>publish</td><td>[POWER: fsync file] rename to {@code ready/} [POWER: fsync {@code ready/}]</td>
 *       <td>directory gone: written again, in a new one</td>
 *       <td>published; a resend is a duplicate</td></tr>
 *   <tr><td>claim</td><td>rename to {@code claimed~N~...}, N never repeats; after a failure with {@code .x} for {@code .o}</td><td>another consumer won</td>
 *       <td>back to {@code ready/}, attempt and failures + 1</td></tr>
 *   <tr><td>checkpoint</td><td>rename the claim to a new offset, {@code .x} if one message at a time is begun, no failures</td><td>claim lost</td>
 *       <td>redelivery starts after the offset</td></tr>
 *   <tr><td>ack</td><td>unlink, or rename to {@code free/}</td><td>claim lost</td><td>gone</td></tr>
 *   <tr><td>retry</td><td>rename to {@code delayed/} or {@code ready/}, attempt and failures + 1</td><td>claim lost</td>
 *       <td>either name is a known state</td></tr>
 *   <tr><td>put back</td><td>rename to {@code ready/}, attempt + 1 if a message after the offset was handed out</td>
 *       <td>claim lost</td><td>either</td></tr>
 *   <tr><td>promote</td><td>rename {@code delayed/} to {@code ready/} once due</td><td>another did it</td><td>either</td></tr>
 *   <tr><td>begin a second message</td><td>rename the claim from {@code .xN} to {@code .oN}</td><td>claim lost</td>
 *       <td>back to {@code ready/}, attempt and failures + 1</td></tr>
 *   <tr><td>set a deadly message aside</td><td>publish it in {@code dead/}; then rename the claim to the next offset, killed + 1,
 *       no failures</td><td>claim lost</td><td>done again: the message may be in {@code dead/} twice</td></tr>
 *   <tr><td>dead letter</td><td>rename to {@code dead/}</td><td>claim lost</td><td>either</td></tr>
 *   <tr><td>redrive</td><td>rename {@code dead/} to {@code ready/}, no failures</td><td>another did it</td><td>either</td></tr>
 *   <tr><td>hold</td><td>rename {@code ready/} or {@code delayed/} to {@code held/}</td><td>claimed or promoted</td>
 *       <td>either</td></tr>
 *   <tr><td>release</td><td>rename {@code held/} to {@code ready/}, or {@code delayed/} if not due</td>
 *       <td>another did it</td><td>either</td></tr>
 *   <tr><td>move</td><td>rename into the same folder of another queue</td><td>claimed or moved</td><td>either</td></tr>
 *   <tr><td>drop</td><td>unlink</td><td>claimed or dropped</td><td>gone</td></tr>
 *   <tr><td>pause, resume</td><td>create, unlink {@code paused}</td><td>done already</td><td>either</td></tr>
 *   <tr><td>take back</td><td>rename a live owner's claim to {@code ready/}, or, at the limit, to {@code dead/}; attempt and
 *       failures + 1</td><td>just acked</td>
 *       <td>either; the late owner finds its claim gone</td></tr>
 *   <tr><td>recover a dead owner</td><td>holding its lock, and asking again under it whether it is dead, whether there is a
 *       newer lock file, and whether the lock file's time moved: claims to {@code ready/} with {@code .x}, or, at the limit
 *       with more than one message begun, to {@code dead/}; loadings deleted,
 *       directory removed last</td><td>another recovers it, or it lives: step skipped</td><td>the next one continues</td></tr>
 * </table>
 */
@NullMarked
package io.turboqueue.protocol;

import org.jspecify.annotations.NullMarked;
