/**
 * Owner directories: the place of a process at work in a spool, how others see that it lives, and the recovery of what a dead
 * one left.
 */
@NullMarked
package io.turboqueue.owner;

import org.jspecify.annotations.NullMarked;
