@NullMarked
package io.turboqueue.examples.bench;

import org.jspecify.annotations.NullMarked;
