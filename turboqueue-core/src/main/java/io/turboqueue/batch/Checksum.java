package io.turboqueue.batch;

import java.util.zip.CRC32;

/**
 * The CRC-32 of a stretch of bytes, which can be joined with that of the next stretch without seeing the bytes again: page 1
 * comes first in a file but is known last.
 *
 * <p>A CRC is the remainder of the bytes, taken as a polynomial over GF(2), so appending {@code n} bytes multiplies what was
 * there by {@code x^8n} and adds the rest. Polynomials are kept with their lowest power in the highest bit, as CRC-32 does.
 *
 * @param crc32 as {@link CRC32} computes it, 0 to 2^32-1
 * @param bytes how many
 */
public record Checksum(long crc32, long bytes) {

    /** Of no bytes. */
    public static final Checksum NONE = new Checksum(0, 0);

    private static final int POLYNOMIAL = 0xedb8_8320;
    private static final int ONE = 0x8000_0000;
    private static final int EIGHTH_POWER = ONE >>> 8; // x^8: one byte

    /** {@code x^(8 * 2^k)} for each k. */
    private static final int[] POWERS = powers();

    private static int[] powers() {
        int[] powers = new int[Long.SIZE];
        powers[0] = EIGHTH_POWER;
        for (int k = 1; k < powers.length; k++) {
            powers[k] = multiply(powers[k - 1], powers[k - 1]);
        }
        return powers;
    }

    public static Checksum of(byte[] bytes, int from, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, from, length);
        return new Checksum(crc.getValue(), length);
    }

    /** Of these bytes and the next ones together. */
    public Checksum then(Checksum next) {
        int shifted = (int) crc32;
        for (long rest = next.bytes; rest != 0; rest &= rest - 1) {
            shifted = multiply(POWERS[Long.numberOfTrailingZeros(rest)], shifted);
        }
        return new Checksum((shifted ^ next.crc32) & 0xffff_ffffL, bytes + next.bytes);
    }

    /** The product of two polynomials modulo that of CRC-32. */
    private static int multiply(int a, int b) {
        int product = 0;
        int shifted = b;
        for (int rest = a; rest != 0; rest <<= 1) {
            product ^= shifted & (rest >> 31);
            shifted = (shifted >>> 1) ^ (POLYNOMIAL & -(shifted & 1));
        }
        return product;
    }
}
