@NullMarked
package io.turboqueue.examples.torture;

import org.jspecify.annotations.NullMarked;
