package io.turboqueue.examples.torture;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** What messages hold: all of it follows from batch and position, so that any change shows. Pure functions. */
final class Payload {

    private static final int USUAL = 120;
    private static final int LONG = 9_000;
    private static final int LONG_EVERY = 997;
    private static final String FILLING = "turboqueue".repeat((LONG + USUAL) / 10 + 1);

    private Payload() {}

    /**
     * A message.
     *
     * @param label the batch, as its producer calls it
     * @param position in the batch, from 1
     * @param total how many messages the batch has
     */
    static String text(String label, int position, int total) {
        int hash = Math.floorMod(label.hashCode() * 31 + position * 7919, 1 << 20);
        int length = hash % LONG_EVERY == 0 ? LONG + hash % USUAL : hash % USUAL;
        return label + ":" + position + ":" + total + ":" + FILLING.substring(hash % 10, hash % 10 + length);
    }

    /** The CRC-32 of the messages from first to last. */
    static String crc(String label, int first, int last, int total) {
        CRC32 crc = new CRC32();
        for (int position = first; position <= last; position++) {
            crc.update(text(label, position, total).getBytes(StandardCharsets.UTF_8));
        }
        return Long.toHexString(crc.getValue());
    }
}
