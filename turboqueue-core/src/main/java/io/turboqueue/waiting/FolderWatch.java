package io.turboqueue.waiting;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;

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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Nudges signals when a name appears in their folder. Thread-safe.
 *
 * <p>A user has 128 inotify instances by default, so a process takes one for all its queues, holds it only while
 * something is watched, and does without when none is left.
 */
public final class FolderWatch {

    private static final Logger LOG = LoggerFactory.getLogger(FolderWatch.class);
    private static final FolderWatch SHARED =
            new FolderWatch(() -> FileSystems.getDefault().newWatchService());

    /** Opens the operating system's watch service. */
    interface Opener {
        WatchService open() throws IOException;
    }

    private final Opener opener;
    private final Map<Path, Watched> folders = new HashMap<>();
    private @Nullable WatchService service;
    private boolean warned;

    private static final class Watched {
        final Set<FolderSignal> signals = new HashSet<>();

        @Nullable
        WatchKey key;
    }

    FolderWatch(Opener opener) {
        this.opener = opener;
    }

    /** The one watch of this process. */
    public static FolderWatch shared() {
        return SHARED;
    }

    /** A signal for an existing folder. Never fails: without a watch the signal is just never nudged. */
    public synchronized FolderSignal signal(Path folder) {
        FolderSignal[] self = new FolderSignal[1];
        FolderSignal signal = new FolderSignal(() -> remove(folder, self[0]));
        self[0] = signal;
        Watched watched = folders.computeIfAbsent(folder, added -> new Watched());
        watched.signals.add(signal);
        if (watched.key == null) {
            watched.key = register(folder);
        }
        signal.watched(watched.key != null);
        return signal;
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

    private synchronized void remove(Path folder, FolderSignal signal) {
        Watched watched = folders.get(folder);
        if (watched == null || !watched.signals.remove(signal) || !watched.signals.isEmpty()) {
            return;
        }
        folders.remove(folder);
        if (watched.key != null) {
            watched.key.cancel();
        }
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
                nudge(key, key.reset());
            }
        } catch (ClosedWatchServiceException done) {
            LOG.trace("folder watch closed");
        } catch (InterruptedException nobodyDoesThat) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void nudge(WatchKey key, boolean valid) {
        for (Watched watched : folders.values()) {
            if (watched.key == key) {
                if (!valid) {
                    watched.key = null;
                }
                for (FolderSignal signal : watched.signals) {
                    signal.watched(valid);
                    signal.nudge();
                }
            }
        }
    }
}
