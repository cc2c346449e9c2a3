package io.turboqueue.cli.text;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import org.jspecify.annotations.Nullable;

/** Escapes what may command a terminal beyond what JSON demands: the same text to a parser, harmless on a screen. */
final class JsonEscapes extends CharacterEscapes {

    static final JsonEscapes SAFE = new JsonEscapes();

    private static final long serialVersionUID = 1L;
    private static final int DELETE = 0x7f;

    private final int[] ascii = standardAsciiEscapesForJSON();

    private JsonEscapes() {
        ascii[DELETE] = ESCAPE_STANDARD;
    }

    @Override
    public int[] getEscapeCodesForAscii() {
        return ascii.clone();
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int unit) {
        boolean half = Character.isSurrogate((char) unit);
        return half || TerminalText.isHarmless(unit) ? null : new SerializedString(String.format("\\u%04x", unit));
    }
}
