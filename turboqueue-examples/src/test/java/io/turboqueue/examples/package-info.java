@NullMarked
package io.turboqueue.examples;

import org.jspecify.annotations.NullMarked;
