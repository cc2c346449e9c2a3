/**
 * Settings: which there are, what they allow, and where each value came from.
 *
 * <p>Layers, the nearer to the code wins: builder, system property {@code turboqueue.*}, environment
 * {@code TURBOQUEUE_*}, the queue's {@code queue.json}, the spool's {@code turboqueue.json}, the default. Whatever is
 * wrong in any of them is reported in one exception, each fault with its key, its value, where it stands and what is
 * allowed. Nothing is ever replaced by a default silently.
 */
@NullMarked
package io.turboqueue.config;

import org.jspecify.annotations.NullMarked;
