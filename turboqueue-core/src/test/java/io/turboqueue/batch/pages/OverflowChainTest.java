package io.turboqueue.batch.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.batch.MessageRecord;
import io.turboqueue.batch.PageGeometry;
import io.turboqueue.batch.StoredMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OverflowChainTest {

    private static final PageGeometry GEOMETRY = new PageGeometry(65536);
    private static final int LOCK_PAGE = 16385; // the page of byte 2^30

    /** Follows a chain that starts that many pages before the one in which nothing may be. */
    @ParameterizedTest(name = "{0} pages before it")
    @ValueSource(ints = {-1, 0, 1, 2, 4, 5, 6, 100})
    void nothingIsPutInThePageOfTheLockByte(int before) throws IOException {
        byte[] payload = new byte[300_000];
        for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) (1 + i % 101);
        }
        MessageRecord record = new MessageRecord();
        StoredMessage message = new StoredMessage(17, null, null, payload, false);
        record.set(message);
        record.split(message);
        OverflowChain chain = new OverflowChain(GEOMETRY, LOCK_PAGE - before, record.size());
        byte[] pages = new byte[chain.slots() * GEOMETRY.pageSize()];
        chain.put(record, pages, 0, 0, 2);
        chain.put(record, pages, 2 * GEOMETRY.pageSize(), 2, chain.slots() - 2); // in two parts

        List<Integer> numbers = new ArrayList<>();
        ByteBuffer found = ByteBuffer.allocate(GEOMETRY.overflowPages(record.size()) * GEOMETRY.overflow());
        for (int page = chain.firstPage(); page != 0; ) {
            numbers.add(page);
            int start = (page - LOCK_PAGE + before) * GEOMETRY.pageSize();
            found.put(pages, start + 4, GEOMETRY.overflow());
            page = ByteBuffer.wrap(pages).getInt(start);
        }

        assertThat(numbers)
                .hasSize(GEOMETRY.overflowPages(record.size()))
                .doesNotContain(LOCK_PAGE)
                .isSorted();
        int rest = record.size() - GEOMETRY.local(record.size());
        assertThat(found.flip().slice(0, rest)).isEqualTo(ByteBuffer.wrap(payload, payload.length - rest, rest));
    }
}
