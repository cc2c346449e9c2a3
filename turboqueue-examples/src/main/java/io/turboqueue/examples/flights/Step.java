package io.turboqueue.examples.flights;

/** What happens to a message on its way; also how workers name it in their lines. */
enum Step {
    PUBLISHED,
    CLAIMED,
    ACKED
}
