package io.turboqueue.examples.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.wire.DocumentContext;
import org.jspecify.annotations.Nullable;

/**
 * Chronicle Queue, append and tail through memory-mapped files. It keeps what was read, so its queue is deleted and made again
 * now and then, which is not timed; as it is always so with an append, the pages it maps are new to the process.
 */
final class ChronicleSubject implements Subject {

    static final List<String> JVM_FLAGS = List.of(
            "-Dchronicle.analytics.disable=true",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED",
            "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED",
            "--add-opens=jdk.compiler/com.sun.tools.javac=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-opens=java.base/java.io=ALL-UNNAMED",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");

    private static final long MAX = 256L << 20;

    private final Path folder;
    private final Bytes<?> target = Bytes.allocateElasticDirect();
    private int generation;
    private long written = MAX;
    private @Nullable Open open;

    private record Open(Path path, ChronicleQueue queue, ExcerptAppender appender, ExcerptTailer tailer) {}

    ChronicleSubject(Path folder) {
        this.folder = folder;
    }

    @Override
    public void prepare(Workload workload) throws IOException {
        written += workload.cycleBytes();
        if (written > MAX) {
            close();
            open = open(folder.resolve("queue-" + generation++));
            written = 0;
            // The first document makes the files; that is not what is measured.
            append(open.appender(), new byte[workload.messageBytes()]);
            takeOne(open.tailer());
        }
    }

    private static Open open(Path path) {
        ChronicleQueue queue = ChronicleQueue.singleBuilder(path).build();
        return new Open(path, queue, queue.createAppender(), queue.createTailer());
    }

    @Override
    public void write(Workload workload, byte[][] payloads) {
        ExcerptAppender appender = current().appender();
        for (int i = 0; i < workload.cycleMessages(); i++) {
            append(appender, payloads[i % payloads.length]);
        }
    }

    private static void append(ExcerptAppender appender, byte[] payload) {
        try (DocumentContext document = appender.writingDocument()) {
            requireWire(document).bytes().write(payload);
        }
    }

    @Override
    public long read(Workload workload) {
        ExcerptTailer tailer = current().tailer();
        long bytes = 0;
        for (int i = 0; i < workload.cycleMessages(); i++) {
            bytes += takeOne(tailer);
        }
        return bytes;
    }

    /** Into one buffer again and again: Chronicle's users need no array for each message. */
    private long takeOne(ExcerptTailer tailer) {
        try (DocumentContext document = tailer.readingDocument()) {
            target.clear();
            target.write(requireWire(document).bytes());
            return target.readRemaining();
        }
    }

    private static net.openhft.chronicle.wire.Wire requireWire(DocumentContext document) {
        net.openhft.chronicle.wire.@Nullable Wire wire = document.wire();
        if (wire == null) {
            throw new IllegalStateException("Chronicle Queue has lost a message");
        }
        return wire;
    }

    private Open current() {
        if (open == null) {
            throw new IllegalStateException("not prepared");
        }
        return open;
    }

    @Override
    public void close() throws IOException {
        if (open != null) {
            open.queue().close();
            if (Files.exists(open.path())) {
                Bench.deleteAll(open.path());
            }
            open = null;
        }
    }
}
