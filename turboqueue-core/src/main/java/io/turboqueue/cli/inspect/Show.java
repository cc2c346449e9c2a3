package io.turboqueue.cli.inspect;

import io.turboqueue.batch.DamagedBatchException;
import io.turboqueue.batch.StoredMessage;
import io.turboqueue.batch.UnsupportedBatchException;
import io.turboqueue.batch.jdbc.BatchFileInfo;
import io.turboqueue.batch.jdbc.JdbcEngine;
import io.turboqueue.cli.support.BatchFile;
import io.turboqueue.cli.support.BatchVerb;
import io.turboqueue.cli.support.CommandException;
import io.turboqueue.cli.support.Exit;
import io.turboqueue.cli.support.Format;
import io.turboqueue.cli.text.Json;
import io.turboqueue.cli.text.TerminalText;
import io.turboqueue.cli.text.Units;
import io.turboqueue.cli.text.Wrap;
import io.turboqueue.layout.BatchIds;
import io.turboqueue.layout.BatchName;
import io.turboqueue.scan.BatchEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** All there is to say about one batch. */
@Command(
        name = "show",
        header = "Shows all there is to say about a batch.",
        description =
                "Shows what a batch's name says, what its file is, its first and last message, and whether it is whole.",
        footer = {
            "  turboqueue show x9k2m4q7d3w5a-0000002a",
            "  turboqueue show flights/dead/5-20261121T155801123Z-x9k2m4q7d3w5a-0000002a.n1.b8192.ca1b2c3d4.a5~crc.db"
        })
public final class Show extends BatchVerb {

    private static final int LABEL_WIDTH = 14;
    private static final int MAX_PAYLOAD = 1000;

    @Parameters(paramLabel = "BATCH", description = "An id, the first or last characters of one, or a file's path.")
    private String batch = "";

    @Mixin
    private Format format = new Format();

    /** What was found out; a part that could not be is null. */
    private record Findings(
            BatchFile file,
            @Nullable BatchFileInfo facts,
            @Nullable List<StoredMessage> messages,
            @Nullable String damage,
            @Nullable String newer) {

        @Nullable
        StoredMessage first() {
            return messages == null || messages.isEmpty() ? null : messages.get(0);
        }

        @Nullable
        StoredMessage last() {
            return messages == null || messages.isEmpty() ? null : messages.get(messages.size() - 1);
        }
    }

    @Override
    protected Exit run() throws Exception {
        Findings findings = find(file(batch));
        if (format.text()) {
            print(findings);
        } else {
            json().line(document(findings));
        }
        if (findings.newer != null) {
            return Exit.FAILED;
        }
        return findings.damage == null ? Exit.OK : Exit.DAMAGE;
    }

    private void requireThere(BatchFile file) throws IOException, CommandException {
        if (disk().look(file.path()) == null) {
            throw new CommandException(
                    Exit.NOTHING, "batch " + file.path() + " is gone: it was claimed, moved or deleted meanwhile");
        }
    }

    private Findings find(BatchFile file) throws IOException, CommandException {
        BatchFileInfo facts = null;
        List<StoredMessage> messages = null;
        String damage = null;
        try (JdbcEngine engine = new JdbcEngine(disk())) {
            try {
                facts = engine.facts(file.path());
                damage = facts.isWhole() ? null : facts.integrity();
                file.requireClosedByWriter(disk());
                messages = engine.read(file.path(), file.seal());
            } catch (DamagedBatchException bad) {
                damage = bad.damage().reason() + ": " + bad.getMessage();
            } catch (UnsupportedBatchException left) {
                return new Findings(file, null, null, null, String.valueOf(left.getMessage()));
            } catch (IOException failed) {
                requireThere(file);
                throw failed;
            }
        }
        requireThere(file); // else the file may have become another batch while it was read
        return new Findings(file, facts, messages, damage, null);
    }

    private void print(Findings findings) throws IOException {
        BatchEntry entry = findings.file.entry();
        label("file", findings.file.path().toString());
        if (entry != null) {
            label("queue", entry.queue().text());
            String note = entry.note();
            label("state", entry.state().word() + (note == null ? "" : " (" + note + ")"));
        }
        printName(findings.file.name());
        BatchFileInfo facts = findings.facts;
        if (facts != null) {
            label(
                    "format",
                    facts.header().isOurs()
                            ? "TurboQueue, version " + facts.header().formatVersion()
                            : "a database of another program");
            label(
                    "pages",
                    Units.count(facts.header().pages()) + " of "
                            + Units.bytes(facts.header().pageSize()) + ", " + Units.bytes(facts.fileBytes())
                            + " in all");
            label("schema", TerminalText.line(facts.schema(), MAX_PAYLOAD));
        }
        if (findings.newer != null) {
            label("format", TerminalText.line(findings.newer, MAX_PAYLOAD));
            return;
        }
        printMessages(findings);
        label(
                "integrity",
                findings.damage == null ? paint().good("ok") : paint().bad(TerminalText.line(findings.damage, 400)));
    }

    private void printName(@Nullable BatchName name) throws IOException {
        if (name == null) {
            label("name", "is no batch's, so nothing tells what the file must hold");
            return;
        }
        Duration age = Duration.between(name.due(), now());
        label("id", name.id());
        label("producer", producer(name));
        label("priority", Integer.toString(name.priority()));
        label(
                "due",
                times().format(name.due())
                        + (age.isNegative() ? "  " + Units.age(age) : "  " + Units.age(age) + " ago"));
        label("attempts", name.attempt() + deliveryNotes(name));
        BatchName.Contents contents = name.contents();
        if (contents == null) {
            label("contents", "not told by the name: the short form, of other programs");
        } else {
            label(
                    "rows",
                    Units.count(contents.rows()) + (name.offset() > 0 ? ", " + name.offset() + " of them done" : ""));
            label("bytes", Units.count(contents.bytes()));
            label("crc", String.format("%08x", contents.crc32()));
        }
    }

    private static String deliveryNotes(BatchName name) {
        StringBuilder notes = new StringBuilder();
        if (name.failures() > 0) {
            notes.append(", ").append(name.failures()).append(" failed at this place");
        }
        if (name.history().begun()) {
            notes.append(", message ").append(Units.count(name.offset() + 1)).append(" begun alone");
        }
        return notes.toString();
    }

    private static String producer(BatchName name) {
        return BatchIds.parse(name.id())
                .map(parts -> parts.producer() + ", batch " + parts.sequence())
                .orElse("another program");
    }

    private void printMessages(Findings findings) throws IOException {
        StoredMessage first = findings.first();
        StoredMessage last = findings.last();
        if (first != null && last != null && findings.messages != null) {
            printMessage("first", 1, first);
            printMessage("last", findings.messages.size(), last);
        }
    }

    private void printMessage(String which, long id, StoredMessage message) throws IOException {
        label(
                which,
                "message " + Units.count(id) + " of " + times().format(Instant.ofEpochMilli(message.timeMillis())));
        int width = context().terminal().out()
                ? Math.max(40, context().terminal().columns() - LABEL_WIDTH - 10)
                : MAX_PAYLOAD;
        String key = message.key();
        String headers = message.headers();
        if (key != null) {
            label("", "key      " + TerminalText.line(key, width));
        }
        if (headers != null) {
            label("", "headers  " + TerminalText.line(headers, width));
        }
        label("", "payload  " + TerminalText.payload(message.payload(), width));
    }

    private void label(String label, String value) throws IOException {
        String start = paint().heading(String.format("%-" + LABEL_WIDTH + "s", label));
        for (String part :
                context().terminal().out() ? Wrap.words(value, screenColumns() - LABEL_WIDTH) : List.of(value)) {
            line(start + part);
            start = " ".repeat(LABEL_WIDTH);
        }
    }

    private static Map<String, @Nullable Object> document(Findings findings) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        BatchEntry entry = findings.file.entry();
        BatchName name = findings.file.name();
        BatchFileInfo facts = findings.facts;
        fields.put("file", findings.file.path().toString());
        fields.put("queue", entry == null ? null : entry.queue().text());
        fields.put("state", entry == null ? null : entry.state().word());
        fields.put("note", entry == null ? null : entry.note());
        fields.put("name", name == null ? null : nameJson(name));
        fields.put("format", facts == null ? null : formatJson(facts));
        fields.put("messages", findings.messages == null ? null : findings.messages.size());
        fields.put("first", messageJson(findings.first()));
        fields.put("last", messageJson(findings.last()));
        fields.put("whole", findings.newer == null ? findings.damage == null : null);
        fields.put("damage", findings.damage);
        return fields;
    }

    private static Map<String, @Nullable Object> nameJson(BatchName name) {
        BatchName.Contents contents = name.contents();
        return Json.object(
                "id", name.id(),
                "priority", name.priority(),
                "due", name.due(),
                "attempts", name.attempt(),
                "failures", name.failures(),
                "begunAlone", name.history().begun(),
                "done", name.offset(),
                "rows", contents == null ? null : contents.rows(),
                "bytes", contents == null ? null : contents.bytes(),
                "crc32", contents == null ? null : String.format("%08x", contents.crc32()));
    }

    private static Map<String, @Nullable Object> formatJson(BatchFileInfo facts) {
        return Json.object(
                "ours", facts.header().isOurs(),
                "version", facts.header().formatVersion(),
                "pageSize", facts.header().pageSize(),
                "pages", facts.header().pages(),
                "fileBytes", facts.fileBytes(),
                "schema", facts.schema(),
                "integrity", facts.integrity());
    }

    private static @Nullable Map<String, @Nullable Object> messageJson(@Nullable StoredMessage message) {
        return message == null
                ? null
                : Json.object(
                        "time",
                        Instant.ofEpochMilli(message.timeMillis()),
                        "key",
                        message.key(),
                        "payload",
                        TerminalText.isUtf8(message.payload())
                                ? new String(message.payload(), StandardCharsets.UTF_8)
                                : null,
                        "payloadBytes",
                        message.payload().length);
    }
}
