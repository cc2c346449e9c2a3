/**
 * What an inspection of a spool reports, as plain immutable values.
 *
 * <p>The numbers come from one listing of each folder, taken while other processes rename files: a batch that moves
 * from one folder to another meanwhile may be counted twice or not at all.
 */
@NullMarked
package io.turboqueue.inspect;

import org.jspecify.annotations.NullMarked;
