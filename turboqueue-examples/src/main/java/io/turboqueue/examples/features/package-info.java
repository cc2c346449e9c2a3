/** One feature per program, each short enough to read at a glance; each is run by a test. */
@NullMarked
package io.turboqueue.examples.features;

import org.jspecify.annotations.NullMarked;
