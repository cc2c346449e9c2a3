package io.turboqueue.examples.flights;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The flights of the demo's input, replayed from the first one on when all are used up. Immutable.
 *
 * <p>It keeps the 8 MB of text and reads a flight when it is asked for: a process that sends its share once is done
 * sooner than with a quarter of a million objects made in advance.
 */
public final class Flights {

    private static final String FILE = "flights-2001.csv.gz";
    private static final String HEADER = "date,origin,destination,distance_miles,delay_minutes\n";

    private final byte[] text;
    /** Where each line begins, and at last the end of the text. */
    private final int[] lines;

    private Flights(byte[] text, int[] lines) {
        this.text = text;
        this.lines = lines;
    }

    /** Reads them. */
    public static Flights load() throws IOException {
        byte[] text = CsvResource.bytes(FILE);
        byte[] header = HEADER.getBytes(StandardCharsets.US_ASCII);
        if (!Arrays.equals(text, 0, Math.min(header.length, text.length), header, 0, header.length)) {
            throw new IOException(FILE + " does not begin with " + HEADER.trim());
        }
        return new Flights(text, lines(text, header.length));
    }

    /** How many there are before the replay. */
    public int size() {
        return lines.length - 1;
    }

    /** The flight that is the message of that number, from 0. */
    public Flight at(long sequence) {
        int line = (int) (sequence % size());
        int origin = next(',', lines[line]);
        int destination = next(',', origin);
        int distance = next(',', destination);
        int delay = next(',', distance);
        return new Flight(
                sequence,
                string(lines[line], origin),
                string(origin, destination),
                string(destination, distance),
                number(distance, delay),
                number(delay, lines[line + 1]));
    }

    private static int[] lines(byte[] text, int first) {
        int[] starts = new int[1 << 18];
        int count = 0;
        starts[count++] = first;
        for (int i = first; i < text.length; i++) {
            if (text[i] == '\n') {
                if (count == starts.length) {
                    starts = Arrays.copyOf(starts, 2 * count);
                }
                starts[count++] = i + 1;
            }
        }
        return Arrays.copyOf(starts, count);
    }

    /** The position after the next such character. */
    private int next(char end, int from) {
        int position = from;
        while (text[position] != end) {
            position++;
        }
        return position + 1;
    }

    /** The field from there to before the next one. */
    private String string(int from, int next) {
        return new String(text, from, next - 1 - from, StandardCharsets.ISO_8859_1);
    }

    private int number(int from, int next) {
        return Integer.parseInt(string(from, next));
    }
}
