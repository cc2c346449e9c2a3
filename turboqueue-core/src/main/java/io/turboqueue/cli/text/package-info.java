/** How things look: tables, numbers, times, colours, JSON. Knows nothing of queues. */
@NullMarked
package io.turboqueue.cli.text;

import org.jspecify.annotations.NullMarked;
