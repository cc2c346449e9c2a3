package io.turboqueue.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.batch.jdbc.JdbcEngine;
import io.turboqueue.batch.pages.InteriorPages;
import io.turboqueue.batch.pages.PagesEngine;
import io.turboqueue.disk.LocalDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Batch files with bytes changed, cut off and mixed. One that is not what was sealed is refused. One with a seal that was
 * made to fit reaches the reader of pages: whatever that delivers, SQLite delivers too.
 */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PagesFuzzTest {

    private static final int PAGE = 4096;

    @TempDir
    Path folder;

    private final BatchEngine pages = new PagesEngine(new LocalDisk());
    private final JdbcEngine jdbc = new JdbcEngine(new LocalDisk());
    private final List<byte[]> contents = new ArrayList<>();
    private final List<BatchSeal> seals = new ArrayList<>();

    /** One leaf, a root above leaves and overflow chains, such a tree by the other engine, and large pages. */
    @BeforeEach
    void writeBatches() throws IOException {
        Random random = new Random(1);
        add(pages, EngineTestCase.someOfEachKind(random).subList(0, 7));
        add(pages, EngineTestCase.someOfEachKind(random));
        add(jdbc, EngineTestCase.someOfEachKind(random));
        add(pages, Collections.nCopies(40, EngineTestCase.blob(EngineTestCase.randomBytes(random, 1900))));
    }

    private void add(BatchEngine writer, List<StoredMessage> messages) throws IOException {
        EngineTestCase.Sealed batch = EngineTestCase.write(writer, folder.resolve("whole"), messages);
        contents.add(Files.readAllBytes(batch.file()));
        seals.add(batch.seal());
    }

    @AfterEach
    void close() {
        pages.close();
        jdbc.close();
    }

    @Test
    void noChangedFileIsDeliveredOtherwiseThanBySqlite() throws IOException {
        fuzz(2_000);
    }

    @Test
    @Tag("long")
    void noneOfFiftyThousandChangedFilesIsDeliveredOtherwiseThanBySqlite() throws IOException {
        fuzz(50_000);
    }

    private void fuzz(int files) throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int delivered = 0;
        for (int i = 0; i < files; i++) {
            int which = random.nextInt(contents.size());
            byte[] changed = changed(random, which);
            if (Arrays.equals(changed, contents.get(which))) {
                continue;
            }
            String what = "seed " + seed + ", file " + i;
            Path file = Files.write(folder.resolve("changed"), changed);
            assertThat(read(pages, file, seals.get(which)))
                    .as("%s, with the seal it had", what)
                    .isNull();
            delivered += assertReadAlike(what, file, seals.get(which).rows());
        }
        assertThat(delivered)
                .as("seed %d: files that were delivered with a forged seal", seed)
                .isPositive();
    }

    private int assertReadAlike(String what, Path file, long rows) throws IOException {
        BatchSeal forged = EngineTestCase.forgedSeal(file, rows);
        List<EngineTestCase.Row> byPages = read(pages, file, forged);
        if (byPages == null) {
            return 0;
        }
        assertThat(byPages.equals(bySqlite(file, forged)))
                .as("%s, with a forged seal: the messages are those that SQLite finds", what)
                .isTrue();
        return 1;
    }

    /** SQLite also refuses what the pages engine need not care for, such as a page that nothing uses; it reads it though. */
    private List<EngineTestCase.Row> bySqlite(Path file, BatchSeal seal) throws IOException {
        List<EngineTestCase.Row> checked = read(jdbc, file, seal);
        return checked != null
                ? checked
                : jdbc.salvage(file, seal.rows(), Set.of()).values().stream()
                        .map(PagesFuzzTest::withTimeThatAnyEngineKnows)
                        .map(EngineTestCase.Row::of)
                        .toList();
    }

    /** The messages; null if the file was refused. */
    private static @Nullable List<EngineTestCase.Row> read(BatchEngine engine, Path file, BatchSeal seal)
            throws IOException {
        try {
            return engine.read(file, seal).stream()
                    .map(PagesFuzzTest::withTimeThatAnyEngineKnows)
                    .map(EngineTestCase.Row::of)
                    .toList();
        } catch (DamagedBatchException | NewerFormatException refused) {
            return null;
        }
    }

    /** SQL packs three flags into the time, so that only 61 bits of it count. */
    private static StoredMessage withTimeThatAnyEngineKnows(StoredMessage message) {
        long time = message.timeMillis() << 3 >> 3;
        return new StoredMessage(time, message.key(), message.headers(), message.payload(), message.text());
    }

    private byte[] changed(Random random, int which) {
        byte[] bytes = contents.get(which).clone();
        switch (random.nextInt(10)) {
            case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 1 ->
                bytes = Arrays.copyOf(bytes, bytes.length / PAGE * PAGE - PAGE * random.nextInt(bytes.length / PAGE));
            case 2 -> splicePage(random, bytes, contents.get(random.nextInt(contents.size())));
            case 3 -> spliceBytes(random, bytes, contents.get(random.nextInt(contents.size())));
            case 4 -> putNumber(random, bytes);
            case 5 -> flip(random, bytes, random.nextInt(200)); // the header
            case 7 -> redirectChildren(random, bytes, 1);
            case 8 -> redirectChildren(random, bytes, 1 + random.nextInt(30));
            case 6 -> flip(random, bytes, random.nextInt(bytes.length / PAGE) * PAGE + random.nextInt(40)); // a page's
            default -> {
                for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                    flip(random, bytes, random.nextInt(bytes.length));
                }
            }
        }
        return bytes;
    }

    private static void flip(Random random, byte[] bytes, int at) {
        bytes[at] ^= (byte) (1 << random.nextInt(8));
    }

    private static void splicePage(Random random, byte[] bytes, byte[] other) {
        int from = random.nextInt(other.length / PAGE) * PAGE;
        System.arraycopy(other, from, bytes, random.nextInt(bytes.length / PAGE) * PAGE, PAGE);
    }

    private static void spliceBytes(Random random, byte[] bytes, byte[] other) {
        int length = 1 + random.nextInt(300);
        int from = random.nextInt(other.length - length);
        System.arraycopy(other, from, bytes, random.nextInt(bytes.length - length), length);
    }

    /** Children of pages inside the tree become other pages: themselves, one above, one that another shows, the header. */
    private static void redirectChildren(Random random, byte[] bytes, int times) {
        ByteBuffer file = ByteBuffer.wrap(bytes);
        for (int page = 1; page < bytes.length / PAGE; page++) {
            int start = page * PAGE;
            int children = file.getShort(start + 3);
            if (bytes[start] != InteriorPages.TYPE || children <= 0 || children > PAGE / 8) {
                continue;
            }
            for (int i = 0; i < times; i++) {
                int which = random.nextInt(children + 1);
                int at = which == children ? start + 8 : start + (file.getShort(start + 12 + 2 * which) & 0xffff);
                if (at + 4 <= bytes.length) {
                    file.putInt(at, random.nextInt(4) == 0 ? page + 1 : 1 + random.nextInt(bytes.length / PAGE));
                }
            }
        }
    }

    /** A page number, a length or an offset that is just possible, or just not, where one may be. */
    private static void putNumber(Random random, byte[] bytes) {
        int page = random.nextInt(bytes.length / PAGE) * PAGE;
        int number = random.nextInt(-2, bytes.length / PAGE + 3);
        ByteBuffer target = ByteBuffer.wrap(bytes);
        switch (random.nextInt(3)) {
            case 0 -> target.putInt(page + 4 * random.nextInt(4), number);
            case 1 -> target.putShort(page + 2 * random.nextInt(40), (short) random.nextInt(PAGE + 2));
            default -> target.putInt(page + random.nextInt(PAGE - 4), number);
        }
    }
}
