package io.turboqueue.batch;

/**
 * What a batch file must hold, kept in its name.
 *
 * @param rows messages in the batch
 * @param bytes the file's content length; bytes after it are not content
 * @param crc32 CRC-32 of that content as {@link java.util.zip.CRC32} computes it (zlib's), 0 to 2^32-1
 */
public record BatchSeal(long rows, long bytes, long crc32) {}
