/** Clocks. */
@NullMarked
package io.turboqueue.time;

import org.jspecify.annotations.NullMarked;
