package io.turboqueue.waiting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turboqueue.time.ManualNanos;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DirectoryWatcherTest {

    private static final long FOR_EVER = TimeUnit.HOURS.toNanos(1);

    @TempDir
    Path folder;

    private final List<WatchService> opened = new ArrayList<>();
    private final ManualNanos clock = new ManualNanos();

    private DirectoryWatcher counting() {
        return new DirectoryWatcher(
                () -> {
                    WatchService service = FileSystems.getDefault().newWatchService();
                    opened.add(service);
                    return service;
                },
                clock);
    }

    /** A signal that need not be waited for in vain: fails at once if the kernel has no watch left. */
    private static DirectorySignal watched(DirectoryWatcher watch, Path folder) {
        DirectorySignal signal = watch.signal(folder);
        assertThat(signal.watched()).as("watched by the kernel").isTrue();
        return signal;
    }

    @Test
    void aNewFileNudges() throws Exception {
        try (DirectorySignal signal = watched(counting(), folder)) {
            long ticket = signal.ticket();
            assertThat(signal.watched()).isTrue();

            Files.createFile(folder.resolve("new"));

            signal.await(ticket, FOR_EVER);
            assertThat(signal.ticket()).isNotEqualTo(ticket);
        }
    }

    @Test
    void aFileRenamedIntoTheFolderNudges(@TempDir Path elsewhere) throws Exception {
        Path file = Files.createFile(elsewhere.resolve("file"));
        try (DirectorySignal signal = watched(counting(), folder)) {
            long ticket = signal.ticket();

            Files.move(file, folder.resolve("file"), StandardCopyOption.ATOMIC_MOVE);

            signal.await(ticket, FOR_EVER);
            assertThat(signal.ticket()).isNotEqualTo(ticket);
        }
    }

    @Test
    void everySignalOfAFolderIsNudgedUntilItIsClosed() throws Exception {
        DirectoryWatcher watch = counting();
        DirectorySignal closed = watched(watch, folder);
        try (DirectorySignal open = watched(watch, folder)) {
            long closedTicket = closed.ticket();
            long openTicket = open.ticket();
            Files.createFile(folder.resolve("for both"));
            closed.await(closedTicket, FOR_EVER);
            open.await(openTicket, FOR_EVER);

            closed.close();
            long afterClosing = closed.ticket();
            openTicket = open.ticket();
            Files.createFile(folder.resolve("for one"));
            open.await(openTicket, FOR_EVER);

            assertThat(closed.ticket()).isEqualTo(afterClosing);
            assertThat(opened).hasSize(1);
        }
    }

    @Test
    void eachSignalHearsOfItsOwnFolderOnly(@TempDir Path other) throws Exception {
        DirectoryWatcher watch = counting();
        try (DirectorySignal signal = watched(watch, folder);
                DirectorySignal quiet = watched(watch, other)) {
            long ticket = signal.ticket();
            long quietTicket = quiet.ticket();

            Files.createFile(folder.resolve("new"));
            signal.await(ticket, FOR_EVER);

            assertThat(quiet.ticket()).isEqualTo(quietTicket);
            assertThat(quiet.watched()).isTrue();
        }
    }

    @Test
    void theKernelsWatchIsTakenOnceAndGivenBackWithTheLastSignal(@TempDir Path other) throws Exception {
        DirectoryWatcher watch = counting();
        DirectorySignal first = watch.signal(folder);
        DirectorySignal second = watch.signal(other);
        assertThat(opened).hasSize(1);

        first.close();
        first.close();
        assertThat(opened.get(0).poll()).as("still open").isNull();

        second.close();
        assertThatThrownBy(() -> opened.get(0).poll()).isInstanceOf(ClosedWatchServiceException.class);
    }

    @Test
    void afterTheLastSignalTheNextOneWatchesAgain() throws Exception {
        DirectoryWatcher watch = counting();
        watch.signal(folder).close();
        try (DirectorySignal signal = watched(watch, folder)) {
            long ticket = signal.ticket();

            Files.createFile(folder.resolve("new"));

            signal.await(ticket, FOR_EVER);
            assertThat(opened).hasSize(2);
        }
    }

    @Test
    void withoutAWatchASignalSaysSoAndPolls() throws Exception {
        DirectoryWatcher watch = new DirectoryWatcher(
                () -> {
                    throw new IOException("User limit of inotify instances reached, as this test wants it");
                },
                clock);
        try (DirectorySignal signal = watch.signal(folder)) {
            assertThat(signal.watched()).isFalse();

            long ticket = signal.ticket();
            Files.createFile(folder.resolve("new"));
            signal.await(ticket, PollBackoff.nanos(Integer.MAX_VALUE, signal.watched()));

            assertThat(signal.ticket()).isEqualTo(ticket);
        }
    }

    @Test
    void aWatchThatIsToBeHadAgainIsTakenByTheNextSignal() throws Exception {
        boolean[] noneLeft = {true};
        DirectoryWatcher watch = new DirectoryWatcher(
                () -> {
                    if (noneLeft[0]) {
                        throw new IOException("User limit of inotify instances reached, as this test wants it");
                    }
                    return FileSystems.getDefault().newWatchService();
                },
                clock);
        try (DirectorySignal early = watch.signal(folder)) {
            noneLeft[0] = false;
            try (DirectorySignal late = watch.signal(folder)) {
                assertThat(late.watched()).isTrue();
                long earlyTicket = early.ticket();
                long lateTicket = late.ticket();

                Files.createFile(folder.resolve("new"));

                late.await(lateTicket, FOR_EVER);
                early.await(earlyTicket, FOR_EVER);
                assertThat(early.watched()).isTrue();
            }
        }
    }

    @Test
    void whereThereWasNoWatchWhoeverWaitsAsksAgainNowAndThen() throws Exception {
        int[] asked = {0};
        DirectoryWatcher watch = new DirectoryWatcher(
                () -> {
                    asked[0]++;
                    if (asked[0] < 3) {
                        throw new IOException("User limit of inotify instances reached, as this test wants it");
                    }
                    return FileSystems.getDefault().newWatchService();
                },
                clock);
        try (DirectorySignal signal = watch.signal(folder)) {
            signal.await(signal.ticket(), 1);
            assertThat(asked[0]).as("not at once").isEqualTo(1);

            clock.advance(Duration.ofSeconds(10));
            signal.await(signal.ticket(), 1);
            signal.await(signal.ticket(), 1);
            assertThat(asked[0]).as("once, in vain").isEqualTo(2);

            clock.advance(Duration.ofSeconds(10));
            signal.await(signal.ticket(), FOR_EVER);
            assertThat(signal.watched()).as("told to look first").isTrue();

            long ticket = signal.ticket();
            Files.createFile(folder.resolve("new"));
            signal.await(ticket, FOR_EVER);
        }
    }

    @Test
    void aFolderWhoseEventsMeetNobodyWaitingIsWatchedAgainWhenSomebodyWaits() throws Exception {
        try (DirectorySignal signal = watched(counting(), folder)) {
            for (int i = 0; signal.watched(); i++) {
                Files.createFile(folder.resolve("while nobody waits " + i));
            }

            signal.await(signal.ticket(), FOR_EVER);
            assertThat(signal.watched()).as("told to look first").isTrue();

            long ticket = signal.ticket();
            Files.createFile(folder.resolve("while somebody waits"));
            signal.await(ticket, FOR_EVER);
            assertThat(signal.watched()).isTrue();
            assertThat(opened).as("the same watch service").hasSize(1);
        }
    }

    @Test
    void aFolderStaysWatchedWhileOneOfItsSignalsIsWaitedFor() throws Exception {
        DirectoryWatcher watch = counting();
        try (DirectorySignal busy = watched(watch, folder);
                DirectorySignal waiting = watched(watch, folder)) {
            for (int i = 0; busy.missedWakeUps() < 100; i++) {
                long ticket = waiting.ticket();
                Files.createFile(folder.resolve("file" + i));
                waiting.await(ticket, FOR_EVER);
            }

            assertThat(busy.watched()).isTrue();
        }
    }

    @Test
    void aFolderThatIsNotThereIsNotWatched() {
        try (DirectorySignal signal = counting().signal(folder.resolve("missing"))) {
            assertThat(signal.watched()).isFalse();
        }
    }

    @Test
    void aFolderThatIsDeletedIsNoLongerWatchedAndItsSignalIsNudged() throws Exception {
        Path deleted = Files.createDirectory(folder.resolve("deleted"));
        try (DirectorySignal signal = watched(counting(), deleted)) {
            long ticket = signal.ticket();
            assertThat(signal.watched()).isTrue();

            Files.delete(deleted);

            signal.await(ticket, FOR_EVER);
            assertThat(signal.ticket()).isNotEqualTo(ticket);
            assertThat(signal.watched()).isFalse();
        }
    }

    @Test
    void moreEventsThanTheKernelKeepsStillNudge() throws Exception {
        try (DirectorySignal signal = watched(counting(), folder)) {
            long ticket = signal.ticket();
            for (int i = 0; i < 2000; i++) {
                Files.createFile(folder.resolve("file" + i));
            }

            signal.await(ticket, FOR_EVER);
            assertThat(signal.ticket()).isNotEqualTo(ticket);
            assertThat(signal.watched()).isTrue();
        }
    }

    @Test
    void aProcessHasOneWatch() {
        assertThat(DirectoryWatcher.shared()).isSameAs(DirectoryWatcher.shared());
    }
}
