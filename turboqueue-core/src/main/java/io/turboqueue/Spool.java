package io.turboqueue;

import io.turboqueue.config.Layer;
import io.turboqueue.config.Setting;
import io.turboqueue.config.Settings;
import io.turboqueue.config.SettingsLoader;
import io.turboqueue.disk.Disk;
import io.turboqueue.disk.LocalDisk;
import io.turboqueue.inspect.RecoveryResult;
import io.turboqueue.layout.EncodablePath;
import io.turboqueue.layout.QueueFolder;
import io.turboqueue.layout.QueueName;
import io.turboqueue.layout.SpoolFolder;
import io.turboqueue.owner.ClaimRequeue;
import io.turboqueue.owner.OwnerRecovery;
import io.turboqueue.owner.ProcFolder;
import io.turboqueue.owner.Processes;
import io.turboqueue.protocol.QueueCapacity;
import io.turboqueue.scan.SpoolScan;
import io.turboqueue.time.NanoClock;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of queues, and the entry point of the library. Thread-safe.
 *
 * <p>Any number of processes on one host may have the same spool open. A process creates an owner directory in it with
 * its first producer or consumer, and shows once per second that it is alive. Then, and every
 * {@code delivery.recoveryInterval}, it recovers what dead processes left. Close the spool when you are done. A spool
 * that is only dropped gives up what it held when it is garbage-collected.
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

    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);

    private final ReentrantLock lock = new ReentrantLock();
    private final SpoolFolder folder;
    private final Disk disk;
    private final Processes processes;
    private final Clocks clocks;
    private final QueueConfig code;
    private final Environment environment;
    private final boolean closeOnShutdown;
    private final boolean mustExist;
    private final Map<QueueName, QueueConfig> configsInCode = new ConcurrentHashMap<>();
    private @Nullable Session session;
    private @Nullable OwnerRecovery recovery;
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
        this.processes = builder.processes;
        this.clocks = Clocks.of(builder.clock, builder.nanos);
        this.code = builder.config;
        this.environment = builder.environment;
        this.closeOnShutdown = builder.closeOnShutdown;
        this.mustExist = builder.mustExist;
    }

    /**
     * Opens a spool with default settings. A folder that is missing is created, and one that is empty becomes a spool;
     * both get mode 0700.
     *
     * @param folder the spool's folder, on a local file system; not null
     * @return the spool, to be closed
     * @throws IOException with one sentence that says why: the folder is not a spool, other users can write to it, it
     *     is on a network file system, or its path is not ASCII and the JVM was started without a UTF-8 locale
     *     ({@code LC_ALL=C})
     * @throws IllegalArgumentException if a setting is unknown or out of range
     */
    public static Spool open(Path folder) throws IOException {
        return builder(folder).open();
    }

    /**
     * A builder, to open a spool with other than default settings.
     *
     * @param folder the spool's folder, on a local file system; not null
     * @return a new builder
     */
    public static Builder builder(Path folder) {
        return new Builder(Objects.requireNonNull(folder, "folder"));
    }

    /**
     * A queue of byte arrays. Otherwise like {@link #queue(String, Codec)}.
     *
     * @param name the queue's name
     * @return the queue
     * @throws IllegalArgumentException if the name is not allowed, or a setting is unknown or out of range
     * @throws IOException if the queue's folder is a symbolic link, or a settings file cannot be read
     */
    public TurboQueue<byte[]> queue(String name) throws IOException {
        return queue(name, Codecs.bytes());
    }

    /**
     * A queue with payloads of any type. It does not have to exist yet.
     *
     * @param <T> the payload's type
     * @param name the queue's name: parts of {@code a-z}, {@code 0-9}, {@code _} and {@code -} joined by dots, each
     *     starting with a letter or digit, at most 100 characters
     * @param codec turns payloads into bytes and back
     * @return the queue
     * @throws IllegalArgumentException if the name is not allowed, or a setting is unknown or out of range
     * @throws IOException if the queue's folder is a symbolic link, or a settings file cannot be read
     */
    public <T> TurboQueue<T> queue(String name, Codec<T> codec) throws IOException {
        QueueFolder queue = queueFolder(name);
        return new TurboQueue<>(this, queue, codec, config(queue.name(), null));
    }

    /**
     * A queue with its own settings, which override those of files, properties, the environment and the spool's
     * builder. Otherwise like {@link #queue(String, Codec)}.
     *
     * @param <T> the payload's type
     * @param name the queue's name
     * @param codec turns payloads into bytes and back
     * @param config the settings; only those that its builder set explicitly count
     * @return the queue
     * @throws IllegalArgumentException if the name is not allowed, or a setting is unknown, out of range, or belongs to
     *     the whole spool
     * @throws IOException if the queue's folder is a symbolic link, or a settings file cannot be read
     */
    public <T> TurboQueue<T> queue(String name, Codec<T> codec, QueueConfig config) throws IOException {
        QueueFolder queue = queueFolder(name);
        QueueConfig resolved = config(queue.name(), config.settings());
        if (resolved.settings().resolved(Setting.MAX_ATTEMPTS).layer() == Layer.BUILDER) {
            configsInCode.put(queue.name(), resolved); // before anything of this process clears up after the dead
        }
        return new TurboQueue<>(this, queue, codec, resolved);
    }

    /** The settings that this process knows of a queue; those given in code are not in the files. */
    private QueueConfig known(QueueName queue) throws IOException {
        QueueConfig inCode = configsInCode.get(queue);
        return inCode == null ? config(queue, null) : inCode;
    }

    QueueFolder queueFolder(String name) throws IOException {
        QueueFolder queue = folder.queue(new QueueName(name));
        queue.requireNoLink(disk);
        return queue;
    }

    /**
     * The names of the queues that have a folder. Symbolic links are left out.
     *
     * @return an unmodifiable list, sorted
     * @throws IOException if the spool's folder cannot be listed
     */
    public List<String> queues() throws IOException {
        return folder.queues(disk).stream().map(QueueName::text).toList();
    }

    /**
     * The spool's folder.
     *
     * @return an absolute path without symbolic links
     */
    public Path folder() {
        return folder.path();
    }

    private QueueConfig config(QueueName queue, @Nullable Settings nearest) throws IOException {
        SettingsLoader loader = Uninterruptibly.call(
                () -> outerLayers(folder).queueFile(folder.queue(queue).config()));
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

    /**
     * A read-only view of the whole spool. It does not need an owner directory and works after the spool was closed.
     *
     * @return a new view; it does not have to be closed
     */
    public SpoolInspector inspector() {
        return new SpoolInspector(new SpoolScan(disk, folder, processes), clocks.wall());
    }

    /**
     * What an operator does to a queue, whatever its payloads. It does not need an owner directory.
     *
     * @param queue the queue's name; it need not exist
     * @return a new object; it does not have to be closed
     * @throws IllegalArgumentException if the name is not allowed
     * @throws IOException if the queue's folder is a symbolic link
     */
    public QueueAdmin admin(String queue) throws IOException {
        return admin(queueFolder(queue));
    }

    QueueAdmin admin(QueueFolder queue) {
        return new QueueAdmin(this, queue, new SpoolScan(disk, folder, processes), disk, clocks.wall());
    }

    /** For whoever publishes bytes into a queue with the settings that this process knows of it. */
    QueueContext<byte[]> context(QueueFolder queue) throws IOException {
        return new QueueContext<>(session(), queue, Codecs.bytes(), known(queue.name()));
    }

    /**
     * Looks for dead processes once and recovers what they left: their claimed batches become ready with one more
     * failure, or dead letters at {@code delivery.maxAttempts}; their half-filled batches are deleted. Any process with
     * a producer or consumer does the same every {@code delivery.recoveryInterval}, so this is for those that have
     * none. It does not need an owner directory.
     *
     * <p>A process that cannot be seen from here, such as one in another container, is known to be dead only at a look
     * five seconds after the first one; {@link SpoolInspector#owners} shows which are in question.
     *
     * @return what was done by this look
     * @throws IOException if the owner directories cannot be listed
     * @throws IllegalStateException if the spool is closed
     */
    public RecoveryResult recover() throws IOException {
        requireOpen();
        lock.lock();
        try {
            OwnerRecovery looks = recovery;
            if (looks == null) {
                ClaimRequeue requeue = new ClaimRequeue(disk, folder, new AttemptLimits(this::known));
                looks = new OwnerRecovery(disk, folder, requeue, processes, clocks.nanos());
                recovery = looks;
            }
            return looks.runOnce();
        } finally {
            lock.unlock();
        }
    }

    QueueInspector inspector(QueueFolder queue) {
        return new QueueInspector(new SpoolScan(disk, folder, processes), queue.name(), disk);
    }

    QueueCapacity room(QueueFolder queue, QueueConfig config) {
        return new QueueCapacity(disk, queue, Backpressure.limit(config), clocks.nanos());
    }

    /** This process's place in the spool, taken when first needed. */
    Session session() throws IOException {
        lock.lock();
        try {
            Session open = session;
            if (closed || (open != null && open.isClosing())) {
                throw closedException();
            }
            if (open == null) {
                QueueConfig settings = spoolConfig();
                if (mustExist) {
                    folder.ensureOwners(disk); // which opening it has not done
                }
                open = Uninterruptibly.call(() -> new Session(disk, folder, processes, clocks, this::known));
                open.start(settings);
                if (closeOnShutdown) {
                    open.closeOnShutdown();
                }
                session = open;
            }
            return open;
        } finally {
            lock.unlock();
        }
    }

    /** For what changes the spool without a place in it. */
    void requireOpen() {
        lock.lock();
        try {
            if (closed || (session != null && session.isClosing())) {
                throw closedException();
            }
        } finally {
            lock.unlock();
        }
    }

    private IllegalStateException closedException() {
        return new IllegalStateException("the spool " + folder.path() + " is closed");
    }

    private QueueConfig spoolConfig() throws IOException {
        SettingsLoader loader = Uninterruptibly.call(() -> outerLayers(folder));
        addInnerLayers(loader, environment, code);
        return new QueueConfig(loader.load());
    }

    /**
     * Closes the spool like {@link #close(Duration)}, with the setting {@code close.timeout}.
     *
     * @throws IOException if something buffered could not be published; it is lost, and everything else is closed
     */
    @Override
    public void close() throws IOException {
        Session open = closeSession();
        if (open != null) {
            open.close();
        }
    }

    /**
     * Closes all workers, consumers and producers that are still open, and removes the owner directory. Nothing more is
     * claimed. Handlers may run until the timeout, as in {@link QueueWorkers#close(Duration)}. Producers publish what
     * they have buffered. Claims that are still open go back to their queues and count as one more attempt. The timeout
     * limits handlers only: closing takes as long as the disk does.
     *
     * <p>A second call, also from another thread, waits until the first one is done. A call by a handler of this
     * spool's workers returns at once; another thread then closes the spool when that handler has ended or the timeout
     * is over.
     *
     * @param timeout how long handlers may run; zero or less interrupts them at once
     * @throws IOException if something buffered could not be published; it is lost, and everything else is closed
     */
    public void close(Duration timeout) throws IOException {
        Session open = closeSession();
        if (open != null) {
            open.close(timeout);
        }
    }

    /** The session, if there was one. It stays known, so that whoever comes later can wait for its end. */
    private @Nullable Session closeSession() {
        lock.lock();
        try {
            closed = true;
            return session;
        } finally {
            lock.unlock();
        }
    }

    /** Opens a spool with other than default settings. Not thread-safe. */
    public static final class Builder {

        private final Path path;
        private QueueConfig config = QueueConfig.builder().build();
        private InstantSource clock = Clocks.SYSTEM;
        private NanoClock nanos = NanoClock.SYSTEM;
        private Disk disk = new LocalDisk();
        private Processes processes = ProcFolder.SYSTEM;
        private Environment environment = Environment.ofProcess();
        private boolean closeOnShutdown = true;
        private boolean mustExist;

        private Builder(Path path) {
            this.path = path;
        }

        /**
         * Sets settings for every queue that is opened through this spool. They override files, properties and the
         * environment.
         *
         * @param config the settings; only those that its builder set explicitly count
         * @return this builder
         */
        public Builder config(QueueConfig config) {
            this.config = Objects.requireNonNull(config, "config");
            return this;
        }

        /**
         * Whether the spool closes itself when the JVM ends: by SIGTERM, Ctrl-C or {@link System#exit}, or after
         * {@code main} has returned. Nothing more is claimed then; handlers, and threads that have claimed a batch, get
         * {@code close.timeout} to finish; the rest is as in {@link Spool#close()}. Set it to false if the program or
         * its container has its own shutdown hook that closes the spool, because the JVM runs both hooks at the same
         * time.
         *
         * @param closes true to close it, which is the default
         * @return this builder
         */
        public Builder closeOnShutdown(boolean closes) {
            this.closeOnShutdown = closes;
            return this;
        }

        /**
         * Refuses a folder that is not a spool, instead of making it one. Opening then changes nothing on disk; only the
         * first producer or consumer does. For tools that inspect and administer.
         *
         * @return this builder
         */
        public Builder mustExist() {
            this.mustExist = true;
            return this;
        }

        /**
         * Sets the wall clock that gives messages and file names their times. A delay ends by this clock; if the clock
         * is set back meanwhile, the delay ends when its length has passed by {@link System#nanoTime}.
         *
         * @param clock a thread-safe clock; the default is the system's
         * @return this builder
         */
        public Builder clock(InstantSource clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        Builder nanos(NanoClock nanos) {
            this.nanos = nanos;
            return this;
        }

        /**
         * Replaces the local disk, to test TurboQueue itself, for example with a disk that fails. The package of
         * {@code Disk} is not exported, so only programs on the class path can create one, and it may change in any
         * release.
         *
         * @param disk a thread-safe disk; the default is the local one
         * @return this builder
         */
        @SuppressWarnings("exports")
        public Builder disk(Disk disk) {
            this.disk = Objects.requireNonNull(disk, "disk");
            return this;
        }

        Builder processes(Processes processes) {
            this.processes = processes;
            return this;
        }

        Builder environment(Map<String, String> properties, Map<String, String> variables) {
            this.environment = new Environment(properties, variables);
            return this;
        }

        /**
         * Opens the spool; see {@link Spool#open(Path)}.
         *
         * @return the spool, to be closed
         * @throws IOException as {@link Spool#open(Path)} does
         * @throws IllegalArgumentException if a setting is unknown or out of range
         */
        public Spool open() throws IOException {
            try {
                return openFolder();
            } catch (FileSystemException failed) {
                throw new IOException(SpoolFolder.refused(path, failed), failed);
            }
        }

        private Spool openFolder() throws IOException {
            EncodablePath.require(path);
            SpoolFolder folder = mustExist ? SpoolFolder.existing(disk, path) : SpoolFolder.openOrCreate(disk, path);
            EncodablePath.require(folder.path()); // it may be behind a symbolic link
            Spool spool = new Spool(this, folder);
            QueueConfig settings = spool.spoolConfig();
            settings.settings().warnings().forEach(LOG::warn);
            SpoolFolder trusted = folder;
            if (!settings.allowsOthers()) {
                folder.requirePrivate().ifPresent(LOG::warn);
                trusted = folder.forItsOwnerOnly(disk);
            }
            if (!settings.allowsNetwork()) {
                folder.requireLocal().ifPresent(LOG::warn);
            }
            if (!mustExist) {
                trusted.ensureOwners(disk);
            }
            return new Spool(this, trusted);
        }
    }
}
