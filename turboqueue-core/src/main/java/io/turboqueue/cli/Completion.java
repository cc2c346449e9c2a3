package io.turboqueue.cli;

import io.turboqueue.cli.frame.Exit;
import io.turboqueue.cli.frame.Verb;
import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** A completion script. */
@Command(
        name = "completion",
        header = "Prints a completion script.",
        description = "Prints a script that makes bash or zsh complete this command's words.",
        footer = {"  source <(turboqueue completion)"})
final class Completion extends Verb {

    @Override
    protected Exit run() throws Exception {
        line(AutoComplete.bash("turboqueue", Main.complete(surroundings())));
        return Exit.OK;
    }
}
