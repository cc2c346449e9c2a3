/**
 * Waiting for work without burning a core: folder watching as a nudge, polling as the truth, and tasks at a time.
 *
 * <p>A watch event only ever shortens a wait. Events may overflow, the kernel may have no watch left, and some mounts
 * report nothing, so whoever waits looks again by himself: at least every second with a watch, every few milliseconds
 * without one. A folder is watched only while somebody waits for it now and then.
 */
@NullMarked
package io.turboqueue.waiting;

import org.jspecify.annotations.NullMarked;
