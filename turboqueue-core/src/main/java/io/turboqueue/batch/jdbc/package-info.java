/**
 * The batch file by SQLite itself: the engine that reads every file that is not as expected, and the tools over SQL.
 */
@NullMarked
package io.turboqueue.batch.jdbc;

import org.jspecify.annotations.NullMarked;
