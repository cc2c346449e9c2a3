package io.turboqueue.waiting;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;

import io.turboqueue.time.NanoClock;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Nudges signals when a name appears in their folder. Thread-safe.
 *
 * <p>A user has 128 inotify instances by default, so a process takes one for all its queues, holds it only while
 * something is watched, and does without when none is left; it asks again now and then.
 *
 * <p>An event costs whoever made it, and wakes two threads of whoever hears it. So a folder is watched no longer when many
 * events in a row met nobody waiting, and again as soon as somebody waits.
 */
public final class DirectoryWatcher {

    private static final Logger LOG = LoggerFactory.getLogger(DirectoryWatcher.class);
    private static final DirectoryWatcher SHARED =
            new DirectoryWatcher(() -> FileSystems.getDefault().newWatchService(), System::nanoTime);
    private static final int MAX_UNHEARD = 32;
    private static final long ASK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Opens the operating system's watch service. */
    interface Opener {
        WatchService open() throws IOException;
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Opener opener;
    private final NanoClock clock;
    private final Map<Path, Watched> folders = new HashMap<>();
    private @Nullable WatchService service;
    private boolean warned;

    DirectoryWatcher(Opener opener, NanoClock clock) {
        this.opener = opener;
        this.clock = clock;
    }

    /** The one watch of this process. */
    public static DirectoryWatcher shared() {
        return SHARED;
    }

    /** A signal for an existing folder. Never fails: without a watch the signal is just never nudged. */
    public DirectorySignal signal(Path folder) {
        lock.lock();
        try {
            Watched watched = folders.computeIfAbsent(folder, Watched::new);
            DirectorySignal signal = new DirectorySignal(watched);
            watched.signals.add(signal);
            watched.begin();
            return signal;
        } finally {
            lock.unlock();
        }
    }

    /** A folder, while there are signals for it. */
    private final class Watched implements DirectorySignal.Source {
        final Path folder;
        final Set<DirectorySignal> signals = new HashSet<>();

        @Nullable
        WatchKey key;

        long askAgainAt;
        boolean refused;

        Watched(Path folder) {
            this.folder = folder;
        }

        void begin() {
            if (key == null) {
                key = register(folder);
                refused = key == null;
                askAgainAt = clock.nanoTime() + ASK_AGAIN_NANOS;
            }
            tellSignals();
        }

        void end() {
            WatchKey ending = key;
            key = null;
            if (ending != null) {
                ending.cancel();
            }
        }

        void tellSignals() {
            signals.forEach(signal -> signal.watched(key != null));
        }

        /** Before the nudge, so that whoever waits after it finds that it must be watched again. */
        void heard(boolean valid) {
            boolean missedWakeUps = signals.stream().allMatch(signal -> signal.missedWakeUps() >= MAX_UNHEARD);
            if (!valid || missedWakeUps) {
                end();
                tellSignals();
            }
            signals.forEach(DirectorySignal::wakeUp);
        }

        @Override
        public boolean resume(DirectorySignal signal) {
            lock.lock();
            try {
                boolean asking =
                        key == null && signals.contains(signal) && !(refused && clock.nanoTime() - askAgainAt < 0);
                if (asking) {
                    begin();
                }
                return asking && key != null;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void stop(DirectorySignal signal) {
            lock.lock();
            try {
                if (signals.remove(signal) && signals.isEmpty()) {
                    end();
                    remove(this);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private @Nullable WatchKey register(Path folder) {
        try {
            if (service == null) {
                WatchService opened = opener.open();
                service = opened;
                Thread thread = new Thread(() -> deliver(opened), "turboqueue-watch");
                thread.setDaemon(true);
                thread.start();
            }
            return folder.register(service, ENTRY_CREATE);
        } catch (IOException none) {
            if (!warned) {
                LOG.warn(
                        "cannot watch {}, so new batches are found by polling every few milliseconds: {}",
                        folder,
                        none.toString());
                warned = true;
            }
            return null;
        }
    }

    private void remove(Watched watched) {
        folders.remove(watched.folder);
        if (folders.isEmpty() && service != null) {
            closeService(service);
            service = null;
        }
    }

    private static void closeService(WatchService service) {
        try {
            service.close();
        } catch (IOException failed) {
            LOG.debug("closing the folder watch failed", failed);
        }
    }

    private void deliver(WatchService from) {
        try {
            while (true) {
                WatchKey key = from.take();
                key.pollEvents(); // which names, and how many were lost, does not matter: everybody lists the folder
                wakeUp(key, key.reset());
            }
        } catch (ClosedWatchServiceException done) {
            LOG.trace("folder watch closed");
        } catch (InterruptedException nobodyDoesThat) {
            Thread.currentThread().interrupt();
        }
    }

    private void wakeUp(WatchKey key, boolean valid) {
        lock.lock();
        try {
            for (Watched watched : folders.values()) {
                if (watched.key == key) {
                    watched.heard(valid);
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
