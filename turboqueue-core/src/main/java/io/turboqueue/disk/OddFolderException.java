package io.turboqueue.disk;

import java.io.IOException;
import java.nio.file.Path;

/** Where the queue needs a folder of its own there is something else, such as a symbolic link. Nothing after it was touched. */
public final class OddFolderException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Names what is there instead of a folder. */
    public OddFolderException(Path folder, FileStatus.Kind found) {
        this(folder + " is " + found.words()
                + ", not a folder: nothing in it is read or changed; put a real folder there");
    }

    /** Says in a sentence which folder it is and what is wrong with it. */
    public OddFolderException(String sentence) {
        super(sentence);
    }
}
