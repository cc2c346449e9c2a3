@NullMarked
package io.turboqueue.examples.flights;

import org.jspecify.annotations.NullMarked;
