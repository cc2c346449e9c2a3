package io.turboqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turboqueue.MountedDisk.Ballast;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A disk without a byte and an inode left: whoever makes room must be able to start. Only root can make one. */
@Timeout(120)
class StartOnFullDiskTest {

    private static final int BATCHES = 12;

    @TempDir
    Path temp;

    private @Nullable MountedDisk mounted;

    /** The file systems. */
    enum Kind {
        TMPFS,
        EXT4
    }

    private Path mount(Kind kind) throws IOException, InterruptedException {
        MountedDisk disk =
                switch (kind) {
                    case TMPFS -> MountedDisk.mount(temp, "8m,nr_inodes=400");
                    case EXT4 -> MountedDisk.ext4(temp, 16, 400);
                };
        mounted = disk;
        return Files.createDirectory(disk.folder().resolve("spool"));
    }

    private Ballast fill() throws IOException {
        return Objects.requireNonNull(mounted).fill();
    }

    private static void fillAgain(Ballast ballast) throws IOException {
        MountedDisk.fill(ballast.folder());
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted != null) {
            mounted.unmount();
        }
    }

    private static List<String> send(Spool spool, String name, int batches) throws IOException, InterruptedException {
        List<String> sent = new ArrayList<>();
        try (QueueProducer<String> producer = spool.queue(name, Codecs.utf8()).producer()) {
            for (int i = 0; i < batches; i++) {
                sent.add(name + " " + i + " " + "x".repeat(9000));
                producer.send(sent.get(i));
                producer.flush();
            }
        }
        return sent;
    }

    private static List<String> drain(Path folder, String queue) throws IOException, InterruptedException {
        try (Spool spool = Spool.open(folder)) {
            return TestSpool.drain(spool.queue(queue, Codecs.utf8()));
        }
    }

    private static long kept(Path folder) throws IOException {
        Path free = folder.resolve("q/free");
        if (!Files.exists(free)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(free)) {
            return files.count();
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aConsumerStartsByGivingUpEmptiedFiles(Kind kind) throws Exception {
        Path folder = mount(kind);
        List<String> sent;
        try (Spool spool = Spool.open(folder)) {
            TurboQueue<String> queue = spool.queue("q", Codecs.utf8());
            send(spool, "q", BATCHES);
            assertThat(TestSpool.drain(queue)).hasSize(BATCHES);
            assertThat(kept(folder)).isEqualTo(BATCHES);
            sent = send(spool, "other", BATCHES);
        }
        Ballast ballast = fill();

        assertThat(drain(folder, "other")).isEqualTo(sent);
        assertThat(kept(folder)).as("given up").isZero();
        assertThat(SpoolFiles.leftovers(folder)).isEmpty();
        ballast.drop();
        try (Spool spool = Spool.open(folder)) {
            assertThat(send(spool, "q", 1)).isEqualTo(TestSpool.drain(spool.queue("q", Codecs.utf8())));
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aConsumerStartsWithoutAnythingToGiveUpButTheReserve(Kind kind) throws Exception {
        Path folder = mount(kind);
        List<String> sent;
        try (Spool spool = Spool.open(folder)) {
            sent = send(spool, "q", BATCHES);
        }
        Ballast ballast = fill();

        try (Spool spool = Spool.open(folder)) {
            TurboQueue<String> queue = spool.queue("q", Codecs.utf8());
            try (QueueConsumer<String> consumer = queue.consumer();
                    ClaimedBatch<String> batch = TestSpool.claim(consumer)) {
                assertThat(TestSpool.payloads(batch)).isEqualTo(sent.subList(0, 1));
            }
        }
        assertThat(SpoolFiles.leftovers(folder).stream().filter(path -> path.startsWith("owners")))
                .isEmpty();
        fillAgain(ballast);
        try (Spool spool = Spool.open(folder)) {
            assertThat(TestSpool.drain(spool.queue("q", Codecs.utf8())))
                    .as("the others")
                    .hasSize(BATCHES - 1);
        }
        ballast.drop();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aProducerThatStartsAndCannotPublishLeavesNothingAndDoesNotKeepAConsumerFromStarting(Kind kind)
            throws Exception {
        Path folder = mount(kind);
        List<String> sent;
        try (Spool spool = Spool.open(folder)) {
            sent = send(spool, "q", BATCHES);
        }
        Ballast ballast = fill();
        Spool full = Spool.open(folder);
        assertThatThrownBy(() -> send(full, "q", 1)).isInstanceOf(IOException.class);
        assertThatThrownBy(full::close).isInstanceOf(IOException.class);

        assertThat(drain(folder, "q")).isEqualTo(sent);
        assertThat(SpoolFiles.leftovers(folder)).isEmpty();
        ballast.drop();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aProducerGetsTheRoomThatOtherQueuesKeep(Kind kind) throws Exception {
        Path folder = mount(kind);
        try (Spool spool = Spool.open(folder)) {
            send(spool, "q", BATCHES);
            assertThat(TestSpool.drain(spool.queue("q", Codecs.utf8()))).hasSize(BATCHES);
            send(spool, "other", 1);
            assertThat(kept(folder)).isGreaterThan(1);
            fill();

            assertThat(send(spool, "other", 1)).hasSize(1);
            assertThat(kept(folder)).isZero();
            assertThat(TestSpool.drain(spool.queue("other", Codecs.utf8()))).hasSize(2);
        }
        assertThat(SpoolFiles.leftovers(folder)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void anAckOnADiskThatIsNearlyFullDeletes(Kind kind) throws Exception {
        Path folder = mount(kind);
        try (Spool spool = Spool.open(folder)) {
            send(spool, "q", BATCHES);
            fill();
            TurboQueue<String> queue = spool.queue("q", Codecs.utf8());
            try (QueueConsumer<String> consumer = queue.consumer()) {
                for (int i = 0; i < BATCHES; i++) {
                    try (ClaimedBatch<String> batch = TestSpool.claim(consumer)) {
                        batch.ack();
                    }
                }
                assertThat(consumer.poll(Duration.ZERO)).isEmpty();
            }
            assertThat(kept(folder)).isLessThan(BATCHES);
        }
        assertThat(SpoolFiles.leftovers(folder)).isEmpty();
    }
}
