package io.turboqueue.cli.messaging;

import io.turboqueue.Codec;
import io.turboqueue.cli.text.TerminalText;

/** Bytes as they are; what is UTF-8 is stored as TEXT, so that SQL reads it. */
final class RawPayload implements Codec<byte[]> {

    @Override
    public byte[] encode(byte[] payload) {
        return payload;
    }

    @Override
    public byte[] decode(byte[] bytes) {
        return bytes;
    }

    @Override
    public boolean text(byte[] encoded) {
        return TerminalText.isUtf8(encoded);
    }
}
