@NullMarked
package io.turboqueue.examples.features;

import org.jspecify.annotations.NullMarked;
