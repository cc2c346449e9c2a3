/**
 * Read-only listings of a spool: nothing is claimed, changed or made. Stats and listings come from names alone; only
 * {@code BatchReading} opens a batch.
 */
@NullMarked
package io.turboqueue.scan;

import org.jspecify.annotations.NullMarked;
