package io.turboqueue.cli.text;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text from messages on its way to a screen. Pure functions. */
public final class TerminalText {

    private TerminalText() {}

    /** Whether the bytes are UTF-8. Plain ASCII, the usual case, is recognised without decoding. */
    public static boolean isUtf8(byte[] bytes) {
        for (byte value : bytes) {
            if (value < 0) {
                return decodes(bytes);
            }
        }
        return true;
    }

    private static boolean decodes(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException notText) {
            return false;
        }
    }

    /** On one line, without anything that moves the cursor or changes colours, at most that many characters. */
    public static String line(String text, int width) {
        String clean = screen(text).replace('\n', ' ').replace('\t', ' ');
        if (clean.length() <= width) {
            return clean;
        }
        int end = Math.max(0, width - 3);
        boolean half = end > 0 && Character.isHighSurrogate(clean.charAt(end - 1));
        return clean.substring(0, half ? end - 1 : end) + "...";
    }

    /** Without anything that moves the cursor or changes colours, but for new lines and tabs. */
    public static String screen(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints().forEach(point -> clean.appendCodePoint(isHarmless(point) ? point : '?'));
        return clean.toString();
    }

    static boolean isHarmless(int point) {
        if (point == '\n' || point == '\t') {
            return true;
        }
        int type = Character.getType(point);
        return type != Character.CONTROL
                && type != Character.FORMAT
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR
                && type != Character.SURROGATE;
    }

    /** A payload for a screen: text as it is, bytes as their number. */
    public static String payload(byte[] payload, int width) {
        return isUtf8(payload)
                ? line(new String(payload, 0, payload.length, StandardCharsets.UTF_8), width)
                : "(" + payload.length + " bytes)";
    }
}
