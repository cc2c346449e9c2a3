package io.turboqueue.cli.admin;

import io.turboqueue.cli.support.CommandException;
import io.turboqueue.cli.support.Exit;
import picocli.CommandLine.Option;

/** What a verb that cannot be undone asks for. */
final class ConfirmOption {

    @Option(names = "--yes", description = "Do it. Without this it is refused, since it cannot be undone.")
    private boolean yes;

    void require(String deed) throws CommandException {
        if (!yes) {
            throw new CommandException(
                    Exit.USAGE, "this would " + deed + " for good: say --yes to do it, or --dry-run to see first");
        }
    }
}
