package io.turboqueue.cli.support;

import io.turboqueue.Spool;
import io.turboqueue.SpoolInspector;
import io.turboqueue.batch.BatchEngine;
import io.turboqueue.batch.pages.PagesEngine;
import io.turboqueue.cli.text.Colors;
import io.turboqueue.cli.text.Json;
import io.turboqueue.cli.text.Table;
import io.turboqueue.cli.text.TerminalText;
import io.turboqueue.cli.text.Times;
import io.turboqueue.cli.text.Wrap;
import io.turboqueue.config.Setting;
import io.turboqueue.config.Settings;
import io.turboqueue.config.SettingsLoader;
import io.turboqueue.disk.Disk;
import io.turboqueue.disk.LocalDisk;
import io.turboqueue.layout.EncodablePath;
import io.turboqueue.layout.QueueFolder;
import io.turboqueue.layout.QueueName;
import io.turboqueue.layout.SpoolFolder;
import io.turboqueue.scan.SpoolScan;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** A verb. It looks at what is there; nothing here makes a folder. */
@Command(
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        descriptionHeading = "%n",
        parameterListHeading = "%n",
        optionListHeading = "%n",
        footerHeading = "%nExamples:%n",
        sortOptions = false)
public abstract class Verb implements Callable<Integer> {

    private static final byte[] NEW_LINE = {'\n'};

    private final Disk disk = new LocalDisk();

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Root root;

    @Override
    public final Integer call() throws Exception {
        return run().code();
    }

    /**
     * Does it.
     *
     * @throws CommandException if it cannot be done as asked
     */
    protected abstract Exit run() throws Exception;

    /** Input, output, clock. */
    protected final CommandContext context() {
        return root.context();
    }

    /** The disk. */
    protected final Disk disk() {
        return disk;
    }

    /** Results go here. */
    protected final OutputStream out() {
        return context().streams().out();
    }

    /** A line of results. */
    protected final void line(String text) throws IOException {
        out().write(text.getBytes(StandardCharsets.UTF_8));
        out().write(NEW_LINE);
    }

    /** A line for people beside the results. */
    protected final void note(String text) {
        context().streams().err().println(TerminalText.screen(text)); // it may quote what a file holds
    }

    /** JSON onto the results. */
    protected final Json json() throws IOException {
        return new Json(out());
    }

    /** Colours for results. */
    protected final Colors paint() {
        return root.paint();
    }

    /** Times as asked for. */
    protected final Times times() {
        return root.times();
    }

    /** Now. */
    protected final Instant now() {
        return context().clock().instant();
    }

    /** Where the spool is, or would be. */
    protected final Path spoolPath() {
        return root.spool();
    }

    /**
     * The spool, which must be there. For a verb that {@linkplain #moves moves} batches, a folder in it to which others may
     * write is refused when it is used, unless they are trusted.
     */
    protected final SpoolFolder spool() throws IOException, CommandException {
        EncodablePath.require(spoolPath());
        SpoolFolder spool = existing();
        EncodablePath.require(spool.path()); // it may be behind a symbolic link
        return moves() && !trustsOthers(spool) ? spool.forItsOwnerOnly(disk) : spool;
    }

    /** Opens the spool, which must be there, for a verb that changes it. The caller closes it. */
    protected final Spool openSpool() throws IOException, CommandException {
        return Spool.builder(spool().path())
                .mustExist()
                .clock(context().clock())
                .open();
    }

    /** Whether it moves or deletes batches. A verb that only looks shows any spool, so that faults can be found. */
    protected boolean moves() {
        return false;
    }

    private boolean trustsOthers(SpoolFolder spool) throws IOException {
        try {
            return loader(spool).load().get(Setting.ALLOW_OTHERS, Boolean.class);
        } catch (IllegalArgumentException unreadable) {
            return false; // as by default
        }
    }

    private SpoolFolder existing() throws CommandException {
        try {
            return SpoolFolder.existing(disk, spoolPath());
        } catch (AccessDeniedException denied) {
            throw new CommandException(Exit.FAILED, SpoolFolder.denied(spoolPath(), denied));
        } catch (IOException none) {
            throw new CommandException(
                    Exit.FAILED,
                    none.getMessage() + "; name one with --spool FOLDER or " + Root.SPOOL_VARIABLE
                            + ", 'turboqueue send' makes one");
        }
    }

    /** A view of it. */
    protected final SpoolScan scan() throws IOException, CommandException {
        return new SpoolScan(disk, spool());
    }

    /** A read-only view of it. */
    protected final SpoolInspector inspector() throws IOException, CommandException {
        return SpoolInspector.open(spool().path(), context().clock());
    }

    /** What reads batches. */
    protected final BatchEngine engine() {
        return new PagesEngine(disk);
    }

    /** The queues with these names, which must be there. */
    protected final List<QueueName> existing(List<String> names) throws IOException, CommandException {
        List<QueueName> queues = new ArrayList<>();
        for (String name : names) {
            queues.add(queue(name));
        }
        return queues;
    }

    /** A queue's name, which need not be there. */
    protected static QueueName queueName(String text) throws CommandException {
        try {
            return new QueueName(text);
        } catch (IllegalArgumentException bad) {
            throw new CommandException(Exit.USAGE, String.valueOf(bad.getMessage()));
        }
    }

    /** A queue that is there. */
    protected final QueueName queue(String text) throws IOException, CommandException {
        QueueName name = queueName(text);
        spool().queue(name).requireNoLink(disk);
        if (!scan().exists(name)) {
            String known = scan().queues().stream().map(QueueName::text).collect(Collectors.joining(", "));
            throw new CommandException(
                    Exit.NOTHING,
                    "there is no queue " + name + " in spool " + spool().path()
                            + (known.isEmpty() ? ", nor any other" : "; there are: " + known));
        }
        return name;
    }

    /** The settings that processes started from here would have. */
    protected final Settings settings(QueueName queue) throws IOException, CommandException {
        QueueFolder folder = spool().queue(queue);
        folder.requireNoLink(disk);
        return loader(spool()).queueFile(folder.config()).load();
    }

    private SettingsLoader loader(SpoolFolder spool) throws IOException {
        return new SettingsLoader()
                .file(spool.config())
                .environment(context().environment())
                .properties(properties());
    }

    private static Map<String, String> properties() {
        Map<String, String> properties = new TreeMap<>();
        for (String name : System.getProperties().stringPropertyNames()) {
            properties.put(name, System.getProperty(name, ""));
        }
        return properties;
    }

    /** Characters in a line of the screen. */
    protected final int screenColumns() {
        return context().terminal().columns();
    }

    /** A sentence in a line, or on a terminal in lines that are broken between words only. */
    protected final List<String> screenLines(String text) {
        return context().terminal().out() ? Wrap.words(text, screenColumns()) : List.of(text);
    }

    /** Shows rows as asked for: a table on a terminal, values between tabs elsewhere, or JSON. */
    protected final <R> void print(Table<R> table, String name, List<R> rows, Format format) throws IOException {
        if (format.json()) {
            Json json = json();
            json.startList(name);
            for (R row : rows) {
                json.element(table.json(row));
            }
            json.endList();
        } else if (format.ndjson()) {
            Json json = json();
            for (R row : rows) {
                json.line(table.json(row));
            }
        } else if (context().terminal().out()) {
            for (String line : table.human(rows, times(), paint(), screenColumns())) {
                line(line);
            }
        } else {
            for (R row : rows) {
                line(table.plain(row));
            }
        }
    }
}
