package io.turboqueue;

import io.turboqueue.config.Setting;
import io.turboqueue.config.Settings;
import io.turboqueue.config.SettingsLoader;
import io.turboqueue.directory.QueueFolder;
import io.turboqueue.directory.QueueName;
import io.turboqueue.directory.SpoolFolder;
import io.turboqueue.inspect.SpoolScan;
import io.turboqueue.io.Disk;
import io.turboqueue.io.LocalDisk;
import io.turboqueue.waiting.NanoClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A folder of queues, and where everything starts. Thread-safe.
 *
 * <p>Any number of processes of one host may have the same spool open. A process takes a desk in it with its first
 * producer or consumer and clears the desks of processes that died, then and every {@code delivery.recoveryInterval}.
 *
 * <pre>{@code
 * try (Spool spool = Spool.open(Path.of("/var/spool/turboqueue"))) {
 *     TurboQueue<Flight> flights = spool.queue("flights", Codecs.json(Flight.class));
 *     try (QueueProducer<Flight> producer = flights.producer()) {
 *         producer.send(flight);
 *     }
 * }
 * }</pre>
 */
public final class Spool implements AutoCloseable {

    private final SpoolFolder folder;
    private final Disk disk;
    private final Clocks clocks;
    private final QueueConfig code;
    private final Environment environment;
    private final Map<QueueName, QueueConfig> configsInCode = new ConcurrentHashMap<>();
    private @Nullable Session session;
    private boolean closed;

    /** Where settings come from beside files and code. */
    record Environment(Map<String, String> properties, Map<String, String> variables) {
        static Environment ofProcess() {
            Map<String, String> properties = new TreeMap<>();
            Properties all = System.getProperties();
            for (String name : all.stringPropertyNames()) {
                properties.put(name, all.getProperty(name, ""));
            }
            return new Environment(properties, System.getenv());
        }
    }

    private Spool(Builder builder, SpoolFolder folder) {
        this.folder = folder;
        this.disk = builder.disk;
        this.clocks = Clocks.of(builder.clock, builder.nanos);
        this.code = builder.config;
        this.environment = builder.environment;
    }

    /**
     * Opens a spool; made with mode 0700 if the folder is missing or empty.
     *
     * @throws IOException in one sentence: the folder is no spool, other users can write to it, or it is on a network file
     *     system
     * @throws IllegalArgumentException if a setting is unknown or out of range
     */
    public static Spool open(Path folder) throws IOException {
        return builder(folder).open();
    }

    /** A builder, for what {@link #open(Path)} leaves at its default. */
    public static Builder builder(Path folder) {
        return new Builder(Objects.requireNonNull(folder, "folder"));
    }

    /** A queue of byte arrays. */
    public TurboQueue<byte[]> queue(String name) throws IOException {
        return queue(name, Codecs.bytes());
    }

    /**
     * A queue of payloads of some type. It need not exist.
     *
     * @throws IllegalArgumentException if the name is not allowed, or a setting is unknown or out of range
     */
    public <T> TurboQueue<T> queue(String name, Codec<T> codec) throws IOException {
        return new TurboQueue<>(this, queueFolder(name), codec, config(new QueueName(name), null));
    }

    /** The same with settings that win over files, properties and environment. */
    public <T> TurboQueue<T> queue(String name, Codec<T> codec, QueueConfig config) throws IOException {
        QueueName queue = new QueueName(name);
        QueueConfig resolved = config(queue, config.settings());
        if (resolved.origin(Setting.MAX_ATTEMPTS.key()).equals(QueueConfig.BUILDER)) {
            configsInCode.put(queue, resolved); // before anything of this process clears up after the dead
        }
        return new TurboQueue<>(this, queueFolder(name), codec, resolved);
    }

    /** The settings that this process knows of a queue; those given in code are not in the files. */
    private QueueConfig known(QueueName queue) throws IOException {
        QueueConfig inCode = configsInCode.get(queue);
        return inCode == null ? config(queue, null) : inCode;
    }

    private QueueFolder queueFolder(String name) {
        return folder.queue(new QueueName(name));
    }

    /** The names of the queues that have a folder, sorted. */
    public List<String> queues() throws IOException {
        return folder.queues(disk).stream().map(QueueName::text).toList();
    }

    /** The spool's folder, absolute and without symbolic links. */
    public Path folder() {
        return folder.path();
    }

    private QueueConfig config(QueueName queue, @Nullable Settings nearest) throws IOException {
        SettingsLoader loader =
                outerLayers(folder).queueFile(folder.queue(queue).config());
        addInnerLayers(loader, environment, code);
        if (nearest != null) {
            loader.queueOverrides(nearest);
        }
        return new QueueConfig(loader.load());
    }

    private static SettingsLoader outerLayers(SpoolFolder folder) throws IOException {
        return new SettingsLoader().file(folder.config());
    }

    private static void addInnerLayers(SettingsLoader loader, Environment environment, QueueConfig code) {
        loader.environment(environment.variables)
                .properties(environment.properties)
                .overrides(code.settings());
    }

    QueueInspector inspector(QueueFolder queue) {
        return new QueueInspector(new SpoolScan(disk, folder), queue.name(), disk);
    }

    /** This process's place in the spool, taken when first needed. */
    synchronized Session session() throws IOException {
        if (closed) {
            throw new IllegalStateException("the spool " + folder.path() + " is closed");
        }
        Session open = session;
        if (open == null) {
            Duration recoveryInterval = spoolConfig().recoveryInterval();
            open = new Session(disk, folder, clocks, this::known);
            open.startRecovery(recoveryInterval);
            session = open;
        }
        return open;
    }

    private QueueConfig spoolConfig() throws IOException {
        SettingsLoader loader = outerLayers(folder);
        addInnerLayers(loader, environment, code);
        return new QueueConfig(loader.load());
    }

    /**
     * Closes workers, consumers and producers that are still open, and leaves the desk. Producers publish what they have
     * buffered; claims that are still open go back to their queues with one more attempt. A second call does nothing.
     *
     * @throws IOException if something buffered could not be published; it is lost then, everything else is closed
     */
    @Override
    public void close() throws IOException {
        Session open;
        synchronized (this) {
            closed = true;
            open = session;
            session = null;
        }
        if (open != null) {
            open.close();
        }
    }

    /** Opens a spool with other than default settings. Not thread-safe. */
    public static final class Builder {

        private final Path path;
        private QueueConfig config = QueueConfig.builder().build();
        private InstantSource clock = Clocks.SYSTEM;
        private NanoClock nanos = NanoClock.SYSTEM;
        private Disk disk = new LocalDisk();
        private Environment environment = Environment.ofProcess();

        private Builder(Path path) {
            this.path = path;
        }

        /** Settings for every queue opened through this spool; they win over files, properties and environment. */
        public Builder config(QueueConfig config) {
            this.config = Objects.requireNonNull(config, "config");
            return this;
        }

        /** The wall clock, by which messages and names get their times and delays end. */
        public Builder clock(InstantSource clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        Builder nanos(NanoClock nanos) {
            this.nanos = nanos;
            return this;
        }

        /**
         * Another disk than the local one, for tests of TurboQueue itself: one that fails, say. Its package is not exported, so
         * only programs that run on the class path can make one; nothing promises that it stays as it is.
         */
        @SuppressWarnings("exports")
        public Builder disk(Disk disk) {
            this.disk = Objects.requireNonNull(disk, "disk");
            return this;
        }

        Builder environment(Map<String, String> properties, Map<String, String> variables) {
            this.environment = new Environment(properties, variables);
            return this;
        }

        /** Opens it; see {@link Spool#open(Path)}. */
        public Spool open() throws IOException {
            SpoolFolder folder = SpoolFolder.openOrCreate(disk, path);
            Spool spool = new Spool(this, folder);
            QueueConfig settings = spool.spoolConfig();
            if (!settings.allowsOthers()) {
                folder.requirePrivate();
            }
            if (!settings.allowsNetwork()) {
                folder.requireLocal();
            }
            folder.ensureOwners(disk);
            return spool;
        }
    }
}
