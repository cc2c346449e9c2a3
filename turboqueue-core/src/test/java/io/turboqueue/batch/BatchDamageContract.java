package io.turboqueue.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.turboqueue.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every engine does with a file that is not what its name says: not one message of it is delivered. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class BatchDamageContract extends EngineTestCase {

    private static final int USER_VERSION = 60;
    private static final int APPLICATION_ID = 68;

    private Sealed batch = new Sealed(Path.of("unset"), new BatchSeal(0, 0, 0));
    private byte[] content = {};

    BatchDamageContract(Function<Disk, BatchEngine> opening) {
        super(opening);
    }

    @BeforeEach
    void writeBatch() throws IOException {
        batch = write("batch", someOfEachKind(new Random(1)));
        content = Files.readAllBytes(batch.file());
    }

    private DamagedBatchException damage(@Nullable BatchSeal seal) {
        return damage(batch.file(), seal);
    }

    private void poke(long position, int value) throws IOException {
        try (FileChannel file = FileChannel.open(batch.file(), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[] {(byte) value}), position);
        }
    }

    private void truncate(long length) throws IOException {
        try (FileChannel file = FileChannel.open(batch.file(), StandardOpenOption.WRITE)) {
            file.truncate(length);
        }
    }

    @Test
    void theFileThatTheDamagedOnesAreMadeOfIsWhole() throws IOException {
        assertThat(engine().read(batch.file(), batch.seal())).hasSize(50);
        assertThat(content.length).as("pages").isGreaterThan(8 * 4096);
    }

    @Test
    void aFileCutOffAnywhereIsTooShort() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int length = content.length - 1;
        while (length > 0) {
            truncate(length);
            assertThat(damage(batch.seal()).damage())
                    .as("seed %d, %d bytes", seed, length)
                    .isEqualTo(Damage.SIZE);
            length -= length < 200 ? 1 : 1 + random.nextInt(400);
        }
    }

    @Test
    void aFileThatIsShorterThanItsNameOrItsHeaderSaysIsNamedSo() throws IOException {
        BatchSeal longer = new BatchSeal(50, content.length + 1L, batch.seal().crc32());
        assertThat(damage(longer))
                .hasMessage("the file has " + content.length + " bytes, its name says " + (content.length + 1));
        assertThat(damage(longer).damage()).isEqualTo(Damage.SIZE);

        truncate(8192);
        for (BatchSeal seal : Arrays.asList(batch.seal(), null, forgedSeal(batch.file(), 50))) {
            assertThat(damage(seal)).hasMessage("the file has 8192 bytes, its header says " + content.length);
            assertThat(damage(seal).damage()).isEqualTo(Damage.SIZE);
        }
    }

    @Test
    void ofAFileWithASealItsOwnLengthCountsAndNotThatOfTheFile() throws IOException {
        long length = (3L << 30) + 1;
        try (FileChannel file = FileChannel.open(batch.file(), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(1), length - 1); // sparse
        }

        assertThat(engine().read(batch.file(), batch.seal(), 1 << 20)).hasSize(50);

        Throwable foreign = catchThrowable(() -> engine().read(batch.file(), null, 64 << 20));
        assertThat(foreign)
                .as("another program's")
                .hasMessage("the file has " + length
                        + " bytes, more than 4 times the 67108864 that its messages may take in memory");
        assertThat(((DamagedBatchException) foreign).damage()).isEqualTo(Damage.SIZE);
    }

    @Test
    void aBatchThatTakesMoreMemoryThanAllowedIsLeftForOthersAndSaysHowMuch() {
        long needed = content.length + 4L * 50;

        assertThatThrownBy(() -> engine().read(batch.file(), batch.seal(), needed - 1))
                .isInstanceOf(BatchTooLargeException.class)
                .hasMessage("it takes about " + needed + " bytes of memory, more than the " + (needed - 1)
                        + " allowed here");
    }

    @Test
    void aDamagedBatchIsDamagedHoweverMuchMemoryItTakes() throws IOException {
        byte[] flipped = content.clone();
        flipped[flipped.length - 1] ^= 1;
        Files.write(batch.file(), flipped);

        Throwable thrown = catchThrowable(() -> engine().read(batch.file(), batch.seal(), 1));
        assertThat(((DamagedBatchException) thrown).damage()).isEqualTo(Damage.CRC);
    }

    @Test
    void aSparseBatchOfMoreThanAGigabyteTakesNoMemoryBeforeItIsRefused() throws IOException {
        long length = 3L << 29;
        try (FileChannel file = FileChannel.open(batch.file(), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(1), length - 1);
        }
        BatchSeal huge = new BatchSeal(50, length, 0);

        Throwable thrown = catchThrowable(() -> engine().read(batch.file(), huge, 64 << 20));
        assertThat(((DamagedBatchException) thrown).damage()).isEqualTo(Damage.CRC);
    }

    @Test
    void anEmptyFileIsTooShort() throws IOException {
        truncate(0);

        for (BatchSeal seal : Arrays.asList(batch.seal(), null, forgedSeal(batch.file(), 0))) {
            assertThat(damage(seal)).hasMessage("the file has only 0 bytes");
            assertThat(damage(seal).damage()).isEqualTo(Damage.SIZE);
        }
    }

    @Test
    void aFileOfZerosIsNoDatabase() throws IOException {
        Files.write(batch.file(), new byte[content.length]);

        for (BatchSeal seal : Arrays.asList(batch.seal(), null, forgedSeal(batch.file(), 50))) {
            assertThat(damage(seal)).hasMessage("the file is no SQLite 3 database");
            assertThat(damage(seal).damage()).isEqualTo(Damage.FORMAT);
        }
    }

    @Test
    void everyBitCounts() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            int position = i < 120 ? i : random.nextInt(content.length);
            int bit = random.nextInt(8);
            poke(position, content[position] ^ (1 << bit));

            Throwable thrown = catchThrowable(() -> engine().read(batch.file(), batch.seal()));
            if (position >= USER_VERSION && position < USER_VERSION + 4) {
                assertThat(thrown)
                        .as("seed %d, byte %d, bit %d", seed, position, bit)
                        .isInstanceOfAny(DamagedBatchException.class, NewerFormatException.class);
            } else {
                assertThat(thrown)
                        .as("seed %d, byte %d, bit %d", seed, position, bit)
                        .isInstanceOfSatisfying(DamagedBatchException.class, damaged -> assertThat(damaged.damage())
                                .isIn(Damage.CRC, Damage.FORMAT, Damage.WAL, Damage.SIZE));
            }
            poke(position, content[position]);
        }
        assertThat(engine().read(batch.file(), batch.seal())).hasSize(50);
    }

    @Test
    void anotherCrcIsNamedWithTheOneExpected() throws IOException {
        int position = content.length - 1;
        poke(position, content[position] ^ 1);
        long found = forgedSeal(batch.file(), 50).crc32();

        assertThat(damage(batch.seal()))
                .hasMessage(
                        "the content's CRC-32 is %08x, the name says %08x",
                        found, batch.seal().crc32());
        assertThat(damage(batch.seal()).damage()).isEqualTo(Damage.CRC);
    }

    @Test
    void pagesThatChangedPlacesAreFound() throws IOException {
        byte[] swapped = content.clone();
        System.arraycopy(content, 2 * 4096, swapped, 3 * 4096, 4096);
        System.arraycopy(content, 3 * 4096, swapped, 2 * 4096, 4096);
        Files.write(batch.file(), swapped);

        assertThat(damage(batch.seal()).damage()).isEqualTo(Damage.CRC);
    }

    @Test
    void thePagesOfAnotherBatchAreFound() throws IOException {
        byte[] other =
                Files.readAllBytes(write("other", someOfEachKind(new Random(2))).file());
        byte[] spliced = content.clone();
        System.arraycopy(other, 3 * 4096, spliced, 3 * 4096, 4096);
        Files.write(batch.file(), spliced);

        assertThat(damage(batch.seal()).damage()).isEqualTo(Damage.CRC);
    }

    @Test
    void aTextFileIsNoDatabase() throws IOException {
        Files.writeString(batch.file(), "id,time,key,headers,payload\n".repeat(200));

        for (BatchSeal seal : Arrays.asList(null, forgedSeal(batch.file(), 200))) {
            assertThat(damage(seal)).hasMessage("the file is no SQLite 3 database");
            assertThat(damage(seal).damage()).isEqualTo(Damage.FORMAT);
        }
    }

    @Test
    void randomBytesAreNoDatabase() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 100; i++) {
            byte[] bytes = randomBytes(random, random.nextInt(20_000));
            byte[] magic = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
            if (i % 2 == 0 && bytes.length > 100) {
                System.arraycopy(magic, 0, bytes, 0, magic.length);
            }
            Files.write(batch.file(), bytes);
            for (BatchSeal seal : Arrays.asList(null, forgedSeal(batch.file(), 1))) {
                assertThat(damage(seal)).as("seed %d, file %d", seed, i).isNotNull();
            }
        }
    }

    @Test
    void whatIsNoRegularFileIsNeverOpened() throws Exception {
        Path subfolder = Files.createDirectory(folder.resolve("subfolder"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), batch.file());
        Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("nothing"));
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        for (Path odd : List.of(subfolder, link, dangling, pipe, Path.of("/dev/zero"))) {
            for (BatchSeal seal : Arrays.asList(batch.seal(), null)) {
                assertThat(damage(odd, seal)).as("%s", odd).hasMessage("not a regular file");
                assertThat(damage(odd, seal).damage()).as("%s", odd).isEqualTo(Damage.TYPE);
            }
        }
        assertThat(batch.file()).hasBinaryContent(content);
        assertThat(folder.resolve("nothing")).doesNotExist();
    }

    @ParameterizedTest(name = "byte {0}")
    @ValueSource(ints = {18, 19})
    void aDatabaseInWalModeMayLackDataAndIsRefused(int position) throws IOException {
        poke(position, 2);

        for (BatchSeal seal : Arrays.asList(null, forgedSeal(batch.file(), 50))) {
            assertThat(damage(seal)).hasMessage("the database is in WAL mode; set journal_mode=DELETE first");
            assertThat(damage(seal).damage()).isEqualTo(Damage.WAL);
        }
    }

    @Test
    void aNameOfOursOnAFileThatIsNotIsRefused() throws IOException {
        poke(APPLICATION_ID, 0);

        assertThat(damage(forgedSeal(batch.file(), 50))).hasMessage("application_id is 0x00757251, not 0x54757251");
        assertThat(damage(forgedSeal(batch.file(), 50)).damage()).isEqualTo(Damage.FORMAT);
        assertThat(engine().read(batch.file(), null))
                .as("read as a foreign file")
                .hasSize(50);
    }

    @Test
    void aBatchOfANewerFormatIsNoDamage() throws IOException {
        poke(USER_VERSION + 3, 2);

        for (BatchSeal seal : Arrays.asList(null, forgedSeal(batch.file(), 50))) {
            assertThatThrownBy(() -> engine().read(batch.file(), seal))
                    .isInstanceOf(NewerFormatException.class)
                    .isNotInstanceOf(DamagedBatchException.class)
                    .hasMessage("batch format version 2 is newer than version 1, the newest this release reads");
        }
    }

    @Test
    void aForeignFileMayHaveAnyVersionOfItsOwn() throws IOException {
        poke(APPLICATION_ID, 0);
        poke(USER_VERSION + 3, 2);

        assertThat(engine().read(batch.file(), null)).hasSize(50);
    }

    @ParameterizedTest(name = "{0} rows")
    @ValueSource(longs = {0, 1, 49, 51, 9_999_999_999L})
    void anotherNumberOfRowsThanTheNameSaysIsRefused(long rows) {
        BatchSeal seal = new BatchSeal(rows, batch.seal().bytes(), batch.seal().crc32());

        assertThat(damage(seal)).hasMessage("the file has 50 rows, its name says " + rows);
        assertThat(damage(seal).damage()).isEqualTo(Damage.ROWS);
    }

    @Test
    void aSchemaFormatThatNoSqliteKnowsIsTheFilesFault() throws IOException {
        poke(47, 5);

        for (BatchSeal seal : Arrays.asList(null, forgedSeal(batch.file(), 50))) {
            assertThat(damage(seal).damage()).isIn(Damage.FORMAT, Damage.SCHEMA, Damage.CORRUPT);
        }
    }

    @Test
    void aSealOfAPartOfTheFileDoesNotMakeItWhole() throws IOException {
        int half = content.length - 4096;
        Path part = Files.write(folder.resolve("part"), Arrays.copyOf(content, half));
        BatchSeal seal = forgedSeal(part, 50);

        assertThat(damage(part, seal).damage()).isIn(Damage.CORRUPT, Damage.ROWS, Damage.SIZE);
    }

    @Test
    void aDamagedFileIsLeftAsItIs() throws IOException {
        poke(5000, content[5000] ^ 1);
        byte[] damaged = Files.readAllBytes(batch.file());

        assertThat(damage(batch.seal()).damage()).isEqualTo(Damage.CRC);

        assertThat(batch.file()).hasBinaryContent(damaged);
        assertThat(namesIn(folder)).containsExactly("batch");
    }

    /** Breaks the table's root, wherever an engine has put it: overwritten payloads would only be other payloads. */
    @Test
    void afterAnyDamageTheEngineReadsOn() throws IOException {
        int root = Integer.parseInt(StockSqlite.query(batch.file(), "SELECT rootpage FROM sqlite_schema"));
        int start = (root - 1) * 4096;
        Path broken = folder.resolve("broken");
        for (int i = 0; i < 20; i++) {
            byte[] bytes = content.clone();
            Arrays.fill(bytes, start + i, start + i + 200, (byte) 0xff);
            Files.write(broken, bytes);
            assertThat(damage(broken, forgedSeal(broken, 50))).isNotNull();
            assertThat(engine().read(batch.file(), batch.seal())).hasSize(50);
        }
    }

    /** Files with a seal that fits: the CRC shows nothing, so structure and schema must. */
    @Test
    void aForgedFileNeverDoesMoreThanFail() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            byte[] bytes = content.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                int position = random.nextInt(i % 2 == 0 ? 4096 + 200 : bytes.length);
                bytes[position] = (byte) random.nextInt(256);
            }
            Files.write(batch.file(), bytes);
            BatchSeal forged = forgedSeal(batch.file(), 50);

            Throwable thrown = catchThrowable(() -> engine().read(batch.file(), forged));

            if (thrown != null) {
                assertThat(thrown)
                        .as("seed %d, file %d", seed, i)
                        .isInstanceOfAny(DamagedBatchException.class, NewerFormatException.class);
            }
        }
    }
}
