package io.turboqueue.batch.jdbc;

import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Stops statements of people when they have taken as much as they may. Used by the connection's thread. */
final class SqlLimits extends ProgressHandler {

    private static final long BETWEEN_LOOKS_AT_FILES_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final BatchSql.Limits most;
    private final RunningTime time;
    private long nextLook = System.nanoTime();
    private @Nullable String reached;

    SqlLimits(BatchSql.Limits most) {
        this.most = most;
        this.time = new RunningTime(most.time().toNanos());
    }

    @Override
    protected int progress() {
        long now = System.nanoTime();
        if (time.isOver(now)) {
            reached = "it ran for longer than " + most.time().toSeconds() + " s, which --timeout allows";
        } else if (now - nextLook > 0) {
            nextLook = now + BETWEEN_LOOKS_AT_FILES_NANOS;
            if (TempFiles.bytes() > most.tempBytes()) {
                reached = "its temporary files take more than the " + most.tempBytes() + " bytes that --temp allows";
            }
        }
        return reached == null ? 0 : 1;
    }

    /** Says which limit a statement reached, if it failed for that. */
    void throwIfReached(SQLException failed) {
        if (failed instanceof SQLiteException sqlite && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_TOOBIG) {
            throw new IllegalStateException(
                    "a value or row is longer than the " + most.valueBytes() + " bytes that --memory allows", failed);
        }
        if (reached != null) {
            throw new IllegalStateException("the query was stopped: " + reached, failed);
        }
    }
}
