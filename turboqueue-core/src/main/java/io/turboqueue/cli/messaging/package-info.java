/** Verbs that produce and consume, for shells. */
@NullMarked
package io.turboqueue.cli.messaging;

import org.jspecify.annotations.NullMarked;
