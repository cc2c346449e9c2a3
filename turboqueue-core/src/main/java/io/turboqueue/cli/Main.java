package io.turboqueue.cli;

import io.turboqueue.batch.DamagedBatchException;
import io.turboqueue.cli.admin.Drop;
import io.turboqueue.cli.admin.Hold;
import io.turboqueue.cli.admin.Move;
import io.turboqueue.cli.admin.Pause;
import io.turboqueue.cli.admin.Purge;
import io.turboqueue.cli.admin.Recover;
import io.turboqueue.cli.admin.Redrive;
import io.turboqueue.cli.admin.Release;
import io.turboqueue.cli.admin.Resume;
import io.turboqueue.cli.admin.Salvage;
import io.turboqueue.cli.inspect.Cat;
import io.turboqueue.cli.inspect.Config;
import io.turboqueue.cli.inspect.Doctor;
import io.turboqueue.cli.inspect.Health;
import io.turboqueue.cli.inspect.Ls;
import io.turboqueue.cli.inspect.Peek;
import io.turboqueue.cli.inspect.Shape;
import io.turboqueue.cli.inspect.Show;
import io.turboqueue.cli.inspect.Sql;
import io.turboqueue.cli.inspect.Stats;
import io.turboqueue.cli.inspect.Tail;
import io.turboqueue.cli.inspect.Verify;
import io.turboqueue.cli.messaging.Export;
import io.turboqueue.cli.messaging.Import;
import io.turboqueue.cli.messaging.Receive;
import io.turboqueue.cli.messaging.Send;
import io.turboqueue.cli.messaging.Wait;
import io.turboqueue.cli.support.ClosedPipeException;
import io.turboqueue.cli.support.CommandContext;
import io.turboqueue.cli.support.CommandException;
import io.turboqueue.cli.support.Exit;
import io.turboqueue.cli.support.PipeStream;
import io.turboqueue.cli.support.Root;
import io.turboqueue.cli.support.Streams;
import io.turboqueue.cli.support.Terminal;
import io.turboqueue.cli.support.Verb;
import io.turboqueue.cli.text.TerminalText;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.text.Printable;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code turboqueue} command. */
public final class Main {

    /** The launcher's word on terminals; see {@link Terminal#of}. */
    static final String TERMINAL = "cli.terminal";

    private static final String FULL_QUEUE_LOG = "org.slf4j.simpleLogger.log.io.turboqueue.CapacityWait";

    private static final int OUT_BYTES = 1 << 16;

    /** In the order in which help shows them. */
    private static final Map<String, Supplier<Verb>> VERBS = new LinkedHashMap<>();

    static {
        VERBS.put("stats", Stats::new);
        VERBS.put("ls", Ls::new);
        VERBS.put("show", Show::new);
        VERBS.put("peek", Peek::new);
        VERBS.put("cat", Cat::new);
        VERBS.put("tail", Tail::new);
        VERBS.put("sql", Sql::new);
        VERBS.put("shape", Shape::new);
        VERBS.put("verify", Verify::new);
        VERBS.put("config", Config::new);
        VERBS.put("health", Health::new);
        VERBS.put("doctor", Doctor::new);
        VERBS.put("send", Send::new);
        VERBS.put("receive", Receive::new);
        VERBS.put("wait", Wait::new);
        VERBS.put("export", Export::new);
        VERBS.put("import", Import::new);
        VERBS.put("recover", Recover::new);
        VERBS.put("redrive", Redrive::new);
        VERBS.put("hold", Hold::new);
        VERBS.put("release", Release::new);
        VERBS.put("pause", Pause::new);
        VERBS.put("resume", Resume::new);
        VERBS.put("move", Move::new);
        VERBS.put("purge", Purge::new);
        VERBS.put("drop", Drop::new);
        VERBS.put("salvage", Salvage::new);
    }

    private Main() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.setProperty(FULL_QUEUE_LOG, "off"); // 'send' says it itself, and sooner
        CommandContext context = new CommandContext(
                new Streams(
                        System.in,
                        new BufferedOutputStream(new PipeStream(new FileOutputStream(FileDescriptor.out)), OUT_BYTES),
                        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8)),
                Terminal.of(System.getProperty(TERMINAL)),
                System.getenv(),
                currentFolder(),
                InstantSource.system());
        Optional<String> damage = Arguments.damage(args);
        if (damage.isPresent()) {
            context.streams().err().println("turboqueue: " + damage.get());
            System.exit(Exit.USAGE.code());
        }
        System.exit(run(args, context));
    }

    /** Java may have decoded its path wrongly; a relative one is refused where it is used. */
    private static Path currentFolder() {
        Path folder = Path.of("").toAbsolutePath();
        return Files.isDirectory(folder) ? folder : Path.of("");
    }

    /** Runs the command; the exit code. */
    public static int run(String[] args, CommandContext context) {
        Root root = new Root(context);
        CommandLine command = command(root, args);
        PrintStream err = context.streams().err();
        int code = command.execute(args);
        try {
            context.streams().out().flush();
        } catch (ClosedPipeException enough) {
            return code;
        } catch (IOException failed) {
            if (code != Exit.FAILED.code()) { // else it was told already
                err.println("turboqueue: " + failed.getMessage());
            }
            return Exit.FAILED.code();
        }
        return code;
    }

    /** With all verbs, for help, completion and the manual page. */
    static CommandLine complete(CommandContext context) {
        return command(new Root(context), new String[0]);
    }

    /** Reading the options of every verb takes longer than most verbs run, so only those that may be meant are made. */
    private static CommandLine command(Root root, String[] args) {
        CommandLine command = new CommandLine(root);
        String word = verb(args);
        boolean version =
                word == null && Arrays.stream(args).anyMatch(arg -> arg.equals("--version") || arg.equals("-V"));
        Supplier<Verb> meant = word == null ? null : VERBS.get(word);
        if (meant != null) {
            command.addSubcommand(meant.get());
        } else if (!version) {
            VERBS.values().forEach(verb -> command.addSubcommand(verb.get()));
            command.addSubcommand(new HelpCommand());
            command.addSubcommand(new Completion());
        }
        CommandContext context = root.context();
        command.setCaseInsensitiveEnumValuesAllowed(true);
        command.registerConverter(BatchState.class, Main::state);
        command.setUsageHelpAutoWidth(false);
        command.setUsageHelpWidth(Math.max(60, Math.min(120, context.terminal().columns())));
        command.setColorScheme(CommandLine.Help.defaultColorScheme(
                context.terminal().out()
                                && context.environment()
                                        .getOrDefault("NO_COLOR", "")
                                        .isEmpty()
                        ? CommandLine.Help.Ansi.ON
                        : CommandLine.Help.Ansi.OFF));
        command.setOut(context.outWriter());
        command.setErr(context.errWriter());
        command.setParameterExceptionHandler(Main::usage);
        command.setExecutionExceptionHandler((failed, at, parsed) -> failed(failed, at, root));
        return command;
    }

    private static BatchState state(String word) {
        for (BatchState state : BatchState.values()) {
            if (state.word().equalsIgnoreCase(word)) {
                return state;
            }
        }
        throw new TypeConversionException("\"" + Printable.of(word) + "\" is not allowed: it must be one of "
                + Arrays.stream(BatchState.values()).map(BatchState::word).collect(Collectors.joining(", ")));
    }

    /** The first word that is neither an option nor the value of one; null if there is none. */
    private static @Nullable String verb(String[] args) {
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("--spool") || args[i].equals("--color")) {
                i++;
            } else if (!args[i].startsWith("-")) {
                return args[i];
            }
        }
        return null;
    }

    /** One line that names the thing, and where help is. */
    private static int usage(ParameterException wrong, String[] args) {
        CommandLine at = wrong.getCommandLine();
        StringBuilder text = new StringBuilder(at.getCommandSpec().qualifiedName())
                .append(": ")
                .append(String.valueOf(wrong.getMessage()).replaceAll("\\s*\\R\\s*", " "));
        String meant = suggestions(wrong);
        if (!meant.isEmpty()) {
            text.append("; did you mean ").append(meant).append('?');
        }
        at.getErr()
                .println(text.append(" ('")
                        .append(at.getCommandSpec().qualifiedName())
                        .append(" --help' tells more)"));
        return Exit.USAGE.code();
    }

    private static String suggestions(ParameterException wrong) {
        if (!(wrong instanceof UnmatchedArgumentException unmatched)) {
            return "";
        }
        String first = unmatched.getUnmatched().get(0);
        boolean verb = wrong.getCommandLine().getParent() == null && !first.startsWith("-");
        return verb
                ? VerbSuggestion.of(first, VERBS.keySet()).orElse("")
                : String.join(" or ", unmatched.getSuggestions());
    }

    private static int failed(Exception failed, CommandLine at, Root root) throws Exception {
        if (failed instanceof ClosedPipeException) {
            return Exit.OK.code();
        }
        at.getErr().println("turboqueue: " + TerminalText.screen(message(failed)));
        if (root.verbose()) {
            failed.printStackTrace(at.getErr());
        }
        return exit(failed).code();
    }

    private static Exit exit(Exception failed) {
        if (failed instanceof CommandException refusal) {
            return refusal.exit();
        }
        return failed instanceof DamagedBatchException ? Exit.DAMAGE : Exit.FAILED;
    }

    /** One line for people. */
    static String message(Exception failed) {
        if (failed instanceof AccessDeniedException denied) {
            return "permission denied: user " + System.getProperty("user.name") + " may not use " + denied.getFile();
        }
        String message = failed.getMessage();
        boolean inWords = failed instanceof CommandException
                || failed instanceof IllegalArgumentException
                || failed instanceof IOException;
        return message == null || !inWords || failed instanceof FileSystemException ? failed.toString() : message;
    }
}
