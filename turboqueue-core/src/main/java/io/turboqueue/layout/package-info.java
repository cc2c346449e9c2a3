/**
 * Names and folders of a spool: what they are called, where they lie and what must hold of them. Knows no process and no message.
 */
@NullMarked
package io.turboqueue.layout;

import org.jspecify.annotations.NullMarked;
