/** What several examples share: starting, watching and stopping a group of worker processes. */
@NullMarked
package io.turboqueue.examples;

import org.jspecify.annotations.NullMarked;
