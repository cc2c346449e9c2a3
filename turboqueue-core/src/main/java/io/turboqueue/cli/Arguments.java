package io.turboqueue.cli;

import io.turboqueue.cli.support.LocaleEncoding;
import io.turboqueue.cli.text.TerminalText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Whether the command line reached Java unharmed: Java decodes it in the locale's encoding, and what does not fit is lost. */
final class Arguments {

    private static final String REPLACEMENT = "\ufffd";
    private static final Path RAW = Path.of("/proc/self/cmdline");

    private Arguments() {}

    /** What is wrong with them and what to set, in a sentence; nothing if all is well. */
    static Optional<String> damage(String[] args) {
        return Arrays.stream(args)
                .filter(arg -> arg.contains(REPLACEMENT))
                .findFirst()
                .filter(suspect -> !isTyped())
                .map(lost ->
                        "argument \"" + TerminalText.line(lost, 100) + "\" cannot be read: " + LocaleEncoding.advice());
    }

    /** Somebody may mean the very character that stands for lost ones. */
    private static boolean isTyped() {
        try {
            LocaleEncoding.charset().newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(RAW)));
            return true;
        } catch (IOException lost) {
            return false;
        }
    }
}
