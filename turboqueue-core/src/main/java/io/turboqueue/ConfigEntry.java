package io.turboqueue;

/**
 * One setting with the value in force. Immutable.
 *
 * @param key the setting's key, such as {@code batch.linger}
 * @param value its value as text, such as {@code 1s}
 * @param origin where it was set: {@code default}, {@code builder}, {@code system property turboqueue.batch.linger},
 *     {@code environment TURBOQUEUE_BATCH_LINGER}, or the path of a file
 */
public record ConfigEntry(String key, String value, String origin) {}
