/**
 * The batch file: an ordinary SQLite 3 database that any tool opens. Knows nothing of names, folders or queues.
 *
 * <h2>Format, version 1</h2>
 *
 * <pre>{@code
 *  byte  0            16        18  18/19      56        60            68               100
 *        +------------+---------+---+----------+---------+-------------+----------------+--------------------+
 *        | "SQLite    | page    |   | 1, 1     | text    | user_version| application_id | B-tree pages       |
 *        |  format 3" | size    |   | (no WAL) | UTF-8=1 | = 1         | = 0x54757251   | of one table       |
 *        +------------+---------+---+----------+---------+-------------+----------------+--------------------+
 *
 *  CREATE TABLE message(id INTEGER PRIMARY KEY, time INTEGER, key, headers TEXT, payload)
 *
 *    id       position in the batch, from 1, without gaps
 *    time     when the message was sent, milliseconds since 1970-01-01T00:00Z
 *    key      TEXT or NULL
 *    headers  a JSON object as TEXT, or NULL
 *    payload  TEXT or BLOB as sent; never NULL
 * }</pre>
 *
 * <p>The header's fields are those of <a href="https://www.sqlite.org/fileformat2.html">the SQLite file format
 * document</a>, section 1.3. A batch has no side files: no journal, no WAL. It never changes once it is sealed; what
 * changes is its name. The {@linkplain io.turboqueue.batch.BatchSeal seal} (rows, bytes, CRC-32 of those bytes) is kept
 * in the name and checked before the first message is delivered, since SQLite's own checks see structure, not data. Bytes
 * after the seal's length are not content.
 *
 * <p>A database with this one table that another program wrote may lack the application id and the seal. The table's text is
 * compared before any other statement runs, so no view, trigger or virtual table of such a file is ever executed. Its tree
 * of pages is checked before a row of it is read, and it may take a limited amount of time and memory. A seal proves the bytes,
 * not that they make sense: SQLite reads no file, with a seal or without, that has not passed all of this.
 *
 * <h2>The seam</h2>
 *
 * <pre>{@code
 *   BatchEngine --writer(file)--> BatchWriter: add* -> seal -> (the file is whole) -> close
 *               --read(file, seal)--> the messages, or DamagedBatchException with a Damage
 * }</pre>
 *
 * Two engines are behind that seam, and each reads what the other wrote:
 *
 * <ul>
 *   <li>{@link io.turboqueue.batch.jdbc.JdbcEngine} is SQLite itself. It keeps messages in memory until the batch is sealed, and
 *       is the judge of every file that is not as expected.
 *   <li>{@link io.turboqueue.batch.pages.PagesEngine} writes and reads pages of the file format itself and runs no SQL. It keeps a
 *       bounded buffer of pages in memory, and the rest in the file that is being filled. A file that it does not
 *       understand whole, it leaves to the former.
 * </ul>
 */
@NullMarked
package io.turboqueue.batch;

import org.jspecify.annotations.NullMarked;
