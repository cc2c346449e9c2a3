package io.turboqueue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.turboqueue.text.WellFormedText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The codecs that come with the library; {@link Codec#of} makes others. All of them are thread-safe. */
public final class Codecs {

    private Codecs() {}

    /**
     * Bytes as they are, stored as BLOB. Arrays are not copied: do not change one after you have sent it.
     *
     * @return a codec; never null
     */
    public static Codec<byte[]> bytes() {
        return new Bytes();
    }

    /**
     * Strings as UTF-8, stored as TEXT. UTF-8 cannot hold an unpaired surrogate: {@code send} throws
     * {@link IllegalArgumentException} for such a string.
     *
     * @return a codec; never null
     */
    public static Codec<String> utf8() {
        return new Utf8();
    }

    /**
     * JSON by Jackson 2, stored as TEXT. Records, beans, collections, {@code java.time} and {@code Optional} work as they
     * are: dates, times and durations are ISO 8601 text. Fields that the type does not have are ignored, so that a producer
     * may send new ones first. Other Jackson modules are used if they are on the class path.
     *
     * @param <T> the payload's type
     * @param type the payload's class; on the module path its package must be open to {@code com.fasterxml.jackson.databind}
     * @return a codec
     */
    public static <T> Codec<T> json(Class<T> type) {
        return json(type, DefaultMapper.JSON);
    }

    /**
     * JSON for a generic type, such as {@code new TypeReference<List<Flight>>() {}}; otherwise as {@link #json(Class)}.
     *
     * @param <T> the payload's type
     * @param type the payload's type
     * @return a codec
     */
    public static <T> Codec<T> json(TypeReference<T> type) {
        return json(type, DefaultMapper.JSON);
    }

    /**
     * JSON for a type known only at run time; otherwise as {@link #json(Class)}.
     *
     * @param <T> the payload's type, which the caller vouches for
     * @param type the payload's type
     * @return a codec
     */
    public static <T> Codec<T> json(JavaType type) {
        return json(type, DefaultMapper.JSON);
    }

    /**
     * JSON by a mapper of your own.
     *
     * @param <T> the payload's type
     * @param type the payload's class
     * @param mapper reads and writes it; must not be reconfigured afterwards
     * @return a codec
     */
    public static <T> Codec<T> json(Class<T> type, ObjectMapper mapper) {
        return json(mapper.constructType(type), mapper);
    }

    /**
     * JSON for a generic type by a mapper of your own.
     *
     * @param <T> the payload's type
     * @param type the payload's type
     * @param mapper reads and writes it; must not be reconfigured afterwards
     * @return a codec
     */
    public static <T> Codec<T> json(TypeReference<T> type, ObjectMapper mapper) {
        return json(mapper.constructType(type), mapper);
    }

    /**
     * JSON for a type known only at run time, by a mapper of your own.
     *
     * @param <T> the payload's type, which the caller vouches for
     * @param type the payload's type
     * @param mapper reads and writes it; must not be reconfigured afterwards
     * @return a codec
     */
    public static <T> Codec<T> json(JavaType type, ObjectMapper mapper) {
        return new Json<>(mapper.readerFor(type), mapper.writerFor(type));
    }

    /** Made when first needed: looking for modules takes a tenth of a second. */
    private static final class DefaultMapper {
        static final ObjectMapper JSON = JsonMapper.builder()
                .findAndAddModules()
                .addModule(new JavaTimeModule())
                .addModule(new Jdk8Module())
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
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
            return WellFormedText.require("payload", payload).getBytes(StandardCharsets.UTF_8);
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
