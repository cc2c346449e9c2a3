/** The batch file page by page, without SQL: the fast engine, and what reads the rest of a damaged file. */
@NullMarked
package io.turboqueue.batch.pages;

import org.jspecify.annotations.NullMarked;
