/** Measurements behind the README's figures; see {@code scripts/bench}. */
@NullMarked
package io.turboqueue.examples.bench;

import org.jspecify.annotations.NullMarked;
