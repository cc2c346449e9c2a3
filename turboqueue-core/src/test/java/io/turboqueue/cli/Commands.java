package io.turboqueue.cli;

import io.turboqueue.cli.support.CommandContext;
import io.turboqueue.cli.support.Streams;
import io.turboqueue.cli.support.Terminal;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/** A child process that runs several commands, one an argument, each followed by a line with its exit code. */
final class Commands {

    private Commands() {}

    public static void main(String[] commands) {
        for (String command : commands) {
            int exit = Main.run(
                    command.split(" "),
                    new CommandContext(
                            new Streams(InputStream.nullInputStream(), System.out, System.out),
                            Terminal.NONE,
                            Map.of(),
                            Path.of("/"),
                            InstantSource.system()));
            System.out.println("exit " + exit);
        }
    }
}
