package io.turboqueue.disk;

import java.io.IOException;
import java.nio.file.Path;

/** A folder the protocol works in was deleted or moved away while in use. */
public final class FolderGoneException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Names the folder that is gone. */
    public FolderGoneException(Path folder) {
        this(folder, "it was deleted or moved while in use");
    }

    /** Names the folder that is gone and says what follows. */
    public FolderGoneException(Path folder, String why) {
        super("folder " + folder + " is gone: " + why);
    }
}
