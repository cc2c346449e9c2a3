/** What all verbs have in common: surroundings, options, exit codes, the way to a spool and its batches. */
@NullMarked
package io.turboqueue.cli.frame;

import org.jspecify.annotations.NullMarked;
