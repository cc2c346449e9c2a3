/** Verbs that only look: they claim nothing, change nothing and make nothing. */
@NullMarked
package io.turboqueue.cli.inspect;

import org.jspecify.annotations.NullMarked;
