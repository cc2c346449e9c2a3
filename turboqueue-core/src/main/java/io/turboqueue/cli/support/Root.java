package io.turboqueue.cli.support;

import io.turboqueue.cli.text.Colors;
import io.turboqueue.cli.text.Times;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command itself: what can be said with every verb. */
@Command(
        name = "turboqueue",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "VERB",
        description = "Looks into, feeds, empties, repairs and operates the queues of a TurboQueue spool.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  turboqueue --spool /var/spool/turboqueue stats",
            "  seq 1000 | turboqueue send numbers",
            "  turboqueue receive numbers --max 100 --timeout 20s",
            "  turboqueue ls numbers --state dead",
            "",
            "Times and sizes have units: 500ms, 20s, 5m, 2h, 7d; 64KiB, 8MiB.",
            "'turboqueue help VERB' tells about one verb."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:something failed",
            "2:the command line is wrong",
            "3:nothing was found, or not in time",
            "4:a damaged batch was found",
            "129, 130, 143:ended by SIGHUP, SIGINT (Ctrl-C), SIGTERM: 128 and the signal's number"
        })
public final class Root {

    /** The environment variable that names the spool. */
    static final String SPOOL_VARIABLE = "TURBOQUEUE_SPOOL";

    private final CommandContext context;

    @Option(
            names = "--spool",
            scope = ScopeType.INHERIT,
            paramLabel = "FOLDER",
            description = "The spool; by default $TURBOQUEUE_SPOOL, or else the current folder.")
    @Nullable
    private Path spool;

    @Option(
            names = "--color",
            scope = ScopeType.INHERIT,
            paramLabel = "WHEN",
            defaultValue = "auto",
            description = "auto (on a terminal, unless NO_COLOR is set), always or never.")
    private Color color = Color.auto;

    @Option(names = "--utc", scope = ScopeType.INHERIT, description = "Show times in UTC, not in the local zone.")
    private boolean utc;

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Show the stack trace of a failure.")
    private boolean verbose;

    /** When to paint. */
    enum Color {
        auto,
        always,
        never
    }

    /** In these surroundings. */
    public Root(CommandContext context) {
        this.context = context;
    }

    /** Input, output, clock. */
    public CommandContext context() {
        return context;
    }

    /** Whether failures come with their stack trace. */
    public boolean verbose() {
        return verbose;
    }

    Path spool() {
        if (spool != null) {
            return context.folder().resolve(spool);
        }
        String variable = context.environment().get(SPOOL_VARIABLE);
        return variable == null || variable.isBlank()
                ? context.folder()
                : context.folder().resolve(decoded(variable));
    }

    /** Java puts U+FFFD for what it could not decode, which would be another folder. */
    private static String decoded(String variable) {
        if (variable.contains("\ufffd")) {
            throw new IllegalArgumentException(
                    "the path in " + SPOOL_VARIABLE + " (" + variable + ") cannot be read: " + LocaleEncoding.advice());
        }
        return variable;
    }

    /** For results. */
    public Colors paint() {
        String noColor = context.environment().getOrDefault("NO_COLOR", "");
        return switch (color) {
            case always -> new Colors(true);
            case never -> new Colors(false);
            case auto -> new Colors(context.terminal().out() && noColor.isEmpty());
        };
    }

    Times times() {
        return new Times(utc ? ZoneOffset.UTC : ZoneId.systemDefault());
    }
}
