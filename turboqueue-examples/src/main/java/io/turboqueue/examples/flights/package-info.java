/**
 * The flights demo: producers and consumers in processes of their own pass real flights through a queue, and the result
 * is checked against a plain pass over the same input. {@link io.turboqueue.examples.flights.FlightsDemo} is its main
 * class.
 */
@NullMarked
package io.turboqueue.examples.flights;

import org.jspecify.annotations.NullMarked;
