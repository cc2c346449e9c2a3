package io.turboqueue.examples.flights;

/**
 * One flight, the payload of one message.
 *
 * @param sequence its number among all messages of the run, from 0
 * @param departure local date and time as in the source: {@code 2001-01-01T00:04}
 * @param origin the airport's IATA code
 * @param destination the airport's IATA code
 * @param distanceMiles the distance that the airline reported, in statute miles
 * @param delayMinutes the delay on arrival; below zero for an early one
 */
public record Flight(
        long sequence, String departure, String origin, String destination, int distanceMiles, int delayMinutes) {}
