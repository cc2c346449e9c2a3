/** What all verbs have in common: surroundings, options, exit codes, the way to a spool and its batches. */
@NullMarked
package io.turboqueue.cli.support;

import org.jspecify.annotations.NullMarked;
