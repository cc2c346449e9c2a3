package io.turboqueue.cli;

import io.turboqueue.cli.support.CommandContext;
import io.turboqueue.cli.support.Streams;
import io.turboqueue.cli.support.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import picocli.CommandLine;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/** Writes the command's manual pages as AsciiDoc; the build makes pages for {@code man} of them. */
final class ManualPages {

    private ManualPages() {}

    /** Into the folder named. */
    public static void main(String[] args) throws IOException {
        PrintStream silence = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        CommandContext none = new CommandContext(
                new Streams(InputStream.nullInputStream(), silence, silence),
                Terminal.NONE,
                Map.of(),
                Path.of(""),
                InstantSource.system());
        CommandLine command = Main.complete(none);
        int code = ManPageGenerator.generateManPage(
                new File(args[0]), null, new boolean[0], true, command.getCommandSpec());
        if (code != 0) {
            throw new IOException("the manual pages cannot be written, code " + code);
        }
    }
}
