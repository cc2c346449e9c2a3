/**
 * A read-only view of queues, from names alone: no file is opened, nothing is claimed, no folder is made.
 *
 * <p>Numbers are those of one listing a folder, taken while others rename: a batch on its way from one folder to another
 * may be counted twice or not at all.
 */
@NullMarked
package io.turboqueue.inspect;

import org.jspecify.annotations.NullMarked;
