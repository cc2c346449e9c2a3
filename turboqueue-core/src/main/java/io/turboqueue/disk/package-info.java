/**
 * The narrow seam between TurboQueue and the file system.
 *
 * <p>Everything the protocol does to a disk goes through {@link io.turboqueue.disk.Disk}: create, rename, unlink, list and
 * sync. There is one real implementation, {@link io.turboqueue.disk.LocalDisk}; tests put others in its place to fail the
 * n-th operation, to halt the process after a step, or to forget what was not synced.
 *
 * <p>What is relied upon, and nothing more (POSIX, {@code rename(2)}, {@code fsync(2)}):
 *
 * <ul>
 *   <li>a rename within one mount is atomic: of several processes renaming one source to different targets, exactly one
 *       succeeds and the others find the source gone;
 *   <li>a file's bytes survive power loss only after the file was synced, a name only after its folder was;
 *   <li>a listing is a hint: entries renamed meanwhile may be missing or occur twice.
 * </ul>
 */
@NullMarked
package io.turboqueue.disk;

import org.jspecify.annotations.NullMarked;
