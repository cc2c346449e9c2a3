package io.turboqueue.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.turboqueue.cli.support.CommandContext;
import io.turboqueue.cli.support.Streams;
import io.turboqueue.cli.support.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs the command in this JVM: in UTC, at {@link CliSpool#NOW}, without a terminal and without colours, unless told. */
final class CliRun {

    private final Path folder;
    private final Map<String, String> environment = new TreeMap<>();
    private Terminal terminal = Terminal.NONE;
    private InstantSource clock = InstantSource.fixed(CliSpool.NOW);
    private InputStream in = InputStream.nullInputStream();
    private OutputStream out = new ByteArrayOutputStream();

    private CliRun(Path folder) {
        this.folder = folder;
    }

    /** Started in a folder, which is the spool too unless an option or the environment says otherwise. */
    static CliRun in(Path folder) {
        return new CliRun(folder);
    }

    static CliRun in(CliSpool spool) {
        return new CliRun(spool.folder());
    }

    /** What a command left behind. */
    record Result(int exit, String out, String err) {
        List<String> lines() {
            return out.lines().toList();
        }

        /** The output with bars for tabs, which can be read in a text block. */
        String bars() {
            return out.replace('\t', '|');
        }

        String line() {
            if (lines().size() != 1) {
                throw new AssertionError("one line expected: " + out);
            }
            return lines().get(0);
        }
    }

    /** Output goes to a terminal of 100 columns; colours are off. */
    CliRun terminal() {
        environment.put("NO_COLOR", "1");
        return terminal(new Terminal(false, true, false, 100, 50));
    }

    CliRun terminal(Terminal kind) {
        terminal = kind;
        return this;
    }

    CliRun environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    CliRun clock(InstantSource source) {
        clock = source;
        return this;
    }

    CliRun input(String text) {
        return input(text.getBytes(UTF_8));
    }

    CliRun input(byte[] bytes) {
        in = new ByteArrayInputStream(bytes);
        return this;
    }

    /** Output goes there, and {@link Result#out} is empty. */
    CliRun output(OutputStream stream) {
        out = stream;
        return this;
    }

    Result run(String... words) {
        List<String> args = new ArrayList<>(List.of("--utc"));
        args.addAll(List.of(words));
        return bare(args.toArray(String[]::new));
    }

    /** Without the option for UTC. */
    Result bare(String... words) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream errors = new PrintStream(err, true, UTF_8);
        int exit =
                Main.run(words, new CommandContext(new Streams(in, out, errors), terminal, environment, folder, clock));
        String printed = out instanceof ByteArrayOutputStream bytes ? bytes.toString(UTF_8) : "";
        out = new ByteArrayOutputStream();
        return new Result(exit, printed, err.toString(UTF_8));
    }
}
