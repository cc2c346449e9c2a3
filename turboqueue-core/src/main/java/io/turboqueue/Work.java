package io.turboqueue;

/**
 * A message that one worker thread is to handle.
 *
 * @param batch what it is of
 * @param message the message
 */
record Work<T>(ActiveBatch<T> batch, Message<T> message) {}
