package io.turboqueue.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a message's row holds it: as this library writes rows, with its payload as {@link #TEXT} or {@link #BLOB}; or with
 * values that other programs wrote and a message cannot show as they are, such as a number for a key. These are kept, so
 * that the message goes into another batch as it came. Immutable.
 */
public final class StoredAs {

    /** A row of this library, its payload TEXT. */
    public static final StoredAs TEXT = new StoredAs(true, null);

    /** A row of this library, its payload BLOB. */
    public static final StoredAs BLOB = new StoredAs(false, null);

    /** Places in a row. */
    static final int TIME = 0;

    static final int KEY = 1;
    static final int HEADERS = 2;
    static final int PAYLOAD = 3;

    private final boolean text;
    private final @Nullable List<StoredValue> row;

    private StoredAs(boolean text, @Nullable List<StoredValue> row) {
        this.text = text;
        this.row = row;
    }

    /** A row of time, key, headers and payload as they are. */
    public static StoredAs row(List<StoredValue> row) {
        return new StoredAs(!row.get(PAYLOAD).isBlob(), List.copyOf(row));
    }

    boolean text() {
        return text;
    }

    /** The values of such a row; null for one of this library's own. */
    @Nullable
    public List<StoredValue> row() {
        return row;
    }

    StoredAs withHeaders(@Nullable String json) {
        if (row == null) {
            return this;
        }
        List<StoredValue> changed = new ArrayList<>(row);
        changed.set(HEADERS, StoredValue.text(json));
        return new StoredAs(text, List.copyOf(changed));
    }

    /** The bytes of a text or BLOB, or of the text that a message shows instead of it. */
    byte @Nullable [] bytes(int place, @Nullable String shown) {
        if (shown == null) {
            return null;
        }
        return row != null && row.get(place).isBytes() ? row.get(place).bytes() : shown.getBytes(UTF_8);
    }
}
