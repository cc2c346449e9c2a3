package io.turboqueue;

import java.io.IOException;
import java.util.Objects;

/** A codec of two functions. */
record FunctionCodec<T>(Codec.Encoder<T> encoder, Codec.Decoder<T> decoder, boolean isText) implements Codec<T> {

    FunctionCodec {
        Objects.requireNonNull(encoder, "encoder");
        Objects.requireNonNull(decoder, "decoder");
    }

    @Override
    public byte[] encode(T payload) throws IOException {
        return encoder.encode(payload);
    }

    @Override
    public T decode(byte[] bytes) throws IOException {
        return decoder.decode(bytes);
    }

    @Override
    public boolean text(byte[] encoded) {
        return isText;
    }
}
