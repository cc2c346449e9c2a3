package io.turboqueue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The codecs that are there. All are thread-safe. */
public final class Codecs {

    private Codecs() {}

    /** Bytes as they are, stored as BLOB. Not copied: leave an array alone once it was sent. */
    public static Codec<byte[]> bytes() {
        return new Bytes();
    }

    /** Strings as UTF-8, stored as TEXT. A lone surrogate becomes a question mark. */
    public static Codec<String> utf8() {
        return new Utf8();
    }

    /**
     * JSON by Jackson, stored as TEXT. Records, beans and collections work as they are; {@code java.time} needs Jackson's
     * jsr310 module on the class path, which is then found by itself.
     */
    public static <T> Codec<T> json(Class<T> type) {
        return json(type, DefaultMapper.JSON);
    }

    /** JSON by a mapper of your own. It must not be reconfigured afterwards. */
    public static <T> Codec<T> json(Class<T> type, ObjectMapper mapper) {
        return new Json<>(mapper.readerFor(type), mapper.writerFor(type));
    }

    /** Made when first needed: looking for modules takes a tenth of a second. */
    private static final class DefaultMapper {
        static final ObjectMapper JSON =
                JsonMapper.builder().findAndAddModules().build();
    }

    private static final class Bytes implements Codec<byte[]> {
        @Override
        public byte[] encode(byte[] payload) {
            return payload;
        }

        @Override
        public byte[] decode(byte[] bytes) {
            return bytes;
        }
    }

    private static final class Utf8 implements Codec<String> {
        @Override
        public byte[] encode(String payload) {
            return payload.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String decode(byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        @Override
        public boolean text(byte[] encoded) {
            return true;
        }
    }

    private record Json<T>(ObjectReader reader, ObjectWriter writer) implements Codec<T> {
        @Override
        public byte[] encode(T payload) throws IOException {
            return writer.writeValueAsBytes(payload);
        }

        @Override
        public T decode(byte[] bytes) throws IOException {
            return reader.readValue(bytes);
        }

        @Override
        public boolean text(byte[] encoded) {
            return true;
        }
    }
}
