package io.turboqueue.examples.flights;

import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

/** A gzipped CSV file with a header line, beside the classes. */
final class CsvResource {

    private static final int BUFFER_BYTES = 1 << 16;

    private CsvResource() {}

    /** Passes the fields of each line on; a file whose header is another one is refused. */
    static void read(String name, String header, Consumer<List<String>> fields) throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(open(name), StandardCharsets.UTF_8))) {
            String first = reader.readLine();
            if (!header.equals(first)) {
                throw new IOException(name + " begins with \"" + first + "\" instead of \"" + header + "\"");
            }
            reader.lines().map(CsvResource::fields).forEach(fields);
        }
    }

    /** Splits a line at its commas, except for those within double quotes; a doubled quote within quotes is one. */
    static List<String> fields(String line) {
        return line.indexOf('"') < 0 ? plainFields(line) : quotedFields(line);
    }

    private static List<String> plainFields(String line) {
        List<String> fields = new ArrayList<>();
        int start = 0;
        for (int comma = line.indexOf(','); comma >= 0; comma = line.indexOf(',', start)) {
            fields.add(line.substring(start, comma));
            start = comma + 1;
        }
        fields.add(line.substring(start));
        return fields;
    }

    private static List<String> quotedFields(String line) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"' && quoted && line.startsWith("\"", i + 1)) {
                field.append(c);
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString());
        return fields;
    }

    /** The whole of it. */
    static byte[] bytes(String name) throws IOException {
        try (InputStream text = open(name)) {
            return text.readAllBytes();
        }
    }

    private static InputStream open(String name) throws IOException {
        InputStream resource = CsvResource.class.getResourceAsStream(name);
        if (resource == null) {
            throw new FileNotFoundException(name + " is missing beside the classes of " + CsvResource.class.getName());
        }
        return new GZIPInputStream(resource, BUFFER_BYTES);
    }
}
