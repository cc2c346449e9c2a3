package io.turboqueue.cli.support;

import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.SpoolFolder;
import io.turboqueue.scan.BatchEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;

/** A verb about a single batch. */
public abstract class BatchVerb extends Verb {

    /** The batch with this id, or the file with this path. */
    protected final BatchFile file(String text) throws IOException, CommandException {
        Path path = context().folder().resolve(text);
        if (text.contains("/") || Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                throw new CommandException(Exit.NOTHING, "there is no file " + path.normalize());
            }
            Optional<BatchEntry> ofSpool = entry(path);
            return ofSpool.isPresent() ? BatchFile.of(ofSpool.get()) : BatchFile.of(path.normalize());
        }
        return BatchFile.of(all().one(text));
    }

    private BatchSearch all() throws IOException, CommandException {
        return new BatchSearch(scan(), scan().queues(), EnumSet.allOf(BatchState.class));
    }

    /** A path into the spool names the spool's batch as well as its id does. */
    private Optional<BatchEntry> entry(Path path) throws IOException, CommandException {
        Path real = path.toRealPath();
        if (!Files.isDirectory(spoolPath().resolve(SpoolFolder.OWNERS))
                || !real.startsWith(spoolPath().toRealPath())) {
            return Optional.empty();
        }
        return all().all().stream().filter(entry -> entry.path().equals(real)).findFirst();
    }
}
