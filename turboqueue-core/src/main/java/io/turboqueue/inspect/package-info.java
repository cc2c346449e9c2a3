/**
 * A read-only view of a spool: nothing is claimed, changed or made. Stats and listings come from names alone; only
 * {@code BatchReading} opens a batch.
 *
 * <p>Numbers are those of one listing a folder, taken while others rename: a batch on its way from one folder to another
 * may be counted twice or not at all.
 */
@NullMarked
package io.turboqueue.inspect;

import org.jspecify.annotations.NullMarked;
