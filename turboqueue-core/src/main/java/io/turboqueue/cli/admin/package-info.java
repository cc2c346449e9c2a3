/** Verbs that repair and operate: each change is one rename or one unlink, as the library's own. */
@NullMarked
package io.turboqueue.cli.admin;

import org.jspecify.annotations.NullMarked;
