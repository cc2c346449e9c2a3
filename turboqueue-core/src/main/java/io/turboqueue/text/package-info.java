/** Text for people: safe to print, close to a known word. */
@NullMarked
package io.turboqueue.text;

import org.jspecify.annotations.NullMarked;
