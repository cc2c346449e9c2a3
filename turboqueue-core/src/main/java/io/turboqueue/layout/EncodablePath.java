package io.turboqueue.layout;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Whether Java can write a path as text and read it back. Without a UTF-8 locale ({@code LC_ALL=C}, as under cron, systemd
 * and Docker) it can do so for ASCII only: a path that is not ASCII loses characters on its way through a string, and then
 * names another file, or none. Pure functions but for looking at the current folder.
 */
public final class EncodablePath {

    private static final String REPLACEMENT = "\ufffd";
    private static final String ENCODING = System.getProperty("sun.jnu.encoding", "UTF-8");

    private EncodablePath() {}

    /**
     * Refuses a path that is lost in this process.
     *
     * @param path of a spool, absolute or not
     * @throws IOException in a sentence that says what to set, if characters of the path are lost in this process
     */
    public static void require(Path path) throws IOException {
        Path absolute = path.toAbsolutePath();
        if (!path.isAbsolute() && isFolderLost(System.getProperty("user.dir", ""))) {
            throw refused(System.getProperty("user.dir", ""));
        }
        if (!survives(absolute)) {
            throw refused(absolute.toString());
        }
    }

    /** Java takes the current folder from a property, so one that was decoded wrongly is another folder. */
    private static boolean isFolderLost(String folder) {
        return folder.contains(REPLACEMENT)
                && (!charset().newEncoder().canEncode(folder) || !Files.isDirectory(Path.of(folder)));
    }

    private static boolean survives(Path path) {
        try {
            return path.getFileSystem().getPath(path.toString()).equals(path);
        } catch (InvalidPathException lossy) {
            return false;
        }
    }

    private static Charset charset() {
        try {
            return Charset.forName(ENCODING);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
            return StandardCharsets.US_ASCII;
        }
    }

    private static IOException refused(String path) {
        boolean utf8 = charset().equals(StandardCharsets.UTF_8);
        return new IOException(
                "spool " + path + " cannot be used: "
                        + (utf8
                                ? "its path holds bytes that are not UTF-8; rename the folder"
                                : "its path is not ASCII, and this JVM encodes file names as " + ENCODING
                                        + "; start Java in a UTF-8 locale, for example with LC_ALL=C.UTF-8 in its environment"));
    }
}
