/** Verbs that produce and consume, for shells. */
@NullMarked
package io.turboqueue.cli.messages;

import org.jspecify.annotations.NullMarked;
