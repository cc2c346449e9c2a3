package io.turboqueue.cli.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DelimitedReaderTest {

    private static List<String> pieces(InputStream in, int end) throws IOException {
        DelimitedReader pieces = new DelimitedReader(in, end);
        List<String> texts = new ArrayList<>();
        for (byte[] piece = pieces.next(); piece != null; piece = pieces.next()) {
            texts.add(new String(piece, UTF_8));
        }
        return texts;
    }

    private static InputStream text(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }

    @Test
    void theLastPieceNeedsNoEndAndEmptyOnesCount() throws IOException {
        assertThat(pieces(text("a\n\nb"), '\n')).containsExactly("a", "", "b");
        assertThat(pieces(text("a\n"), '\n')).containsExactly("a");
        assertThat(pieces(text("\n"), '\n')).containsExactly("");
        assertThat(pieces(text(""), '\n')).isEmpty();
    }

    @Test
    void anyByteMayBeTheEnd() throws IOException {
        assertThat(pieces(text("a\nb\0c\0"), 0)).containsExactly("a\nb", "c");
    }

    @Test
    void carriageReturnsAreContent() throws IOException {
        assertThat(pieces(text("a\r\nb"), '\n')).containsExactly("a\r", "b");
    }

    @Test
    void piecesLongerThanTheBufferAndAcrossItsEdgeAreWhole() throws IOException {
        String longest = "x".repeat(300_000);
        String edge = "y".repeat((1 << 16) - 1);

        assertThat(pieces(text(edge + "\nab\n" + longest + "\nz"), '\n')).containsExactly(edge, "ab", longest, "z");
    }

    @Test
    void bytesThatTrickleInMakeTheSamePieces() throws IOException {
        InputStream trickling = new FilterInputStream(text("one\ntwo\n\nthree")) {
            @Override
            public int read(byte[] bytes, int from, int length) throws IOException {
                return super.read(bytes, from, Math.min(1, length));
            }
        };

        assertThat(pieces(trickling, '\n')).containsExactly("one", "two", "", "three");
    }

    @Test
    void aPieceIsItsOwnCopy() throws IOException {
        DelimitedReader pieces = new DelimitedReader(text("ab\ncd"), '\n');
        byte[] first = pieces.next();
        pieces.next();

        assertThat(first).isEqualTo("ab".getBytes(UTF_8));
    }
}
