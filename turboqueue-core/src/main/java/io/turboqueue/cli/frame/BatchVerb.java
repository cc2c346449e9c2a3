package io.turboqueue.cli.frame;

import io.turboqueue.inspect.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Set;

/** A verb about a single batch. */
public abstract class BatchVerb extends Verb {

    /** The batch with this id, or the file with this path. */
    protected final BatchFile file(String text) throws IOException, Refusal {
        Path path = surroundings().folder().resolve(text);
        if (text.contains("/") || Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                throw new Refusal(Exit.NOTHING, "there is no file " + path.normalize());
            }
            return BatchFile.of(path.normalize());
        }
        return BatchFile.of(new BatchSearch(scan(), scan().queues(), Set.of(Place.values())).one(text));
    }
}
