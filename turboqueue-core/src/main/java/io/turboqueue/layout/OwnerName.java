package io.turboqueue.layout;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of an owner directory, {@code PID-START-BOOT-PIDS.TIMES.USERS.USER-RANDOM}: everything that must be known of a
 * process to see whether it lives, so that no file has to be read for it and a full disk hides nothing.
 *
 * <p>For example {@code 4711-8123456-1f2e3d4c-4026531836.4026531834.4026531837.1000-k3v9q2m7x4wd8c1z}: process 4711, started
 * 8,123,456 ticks after the boot whose id begins with 1f2e3d4c, in these PID, time and user namespaces, of user 1000. What the
 * process could not find out is {@code x}. {@code .new-} comes before the name until the lock file is locked, {@code left-}
 * when the owner has given the directory up.
 *
 * @param form whether it is being opened, is in use, or was given up
 * @param process the process that made it
 * @param random 16 random characters, so that no name occurs twice
 */
public record OwnerName(Form form, ProcessIdentity process, String random) {

    private static final int RANDOM_LENGTH = 16;
    private static final Pattern GRAMMAR = Pattern.compile("(\\.new-|left-)?([1-9][0-9]{0,9})-([0-9]{1,19}|x)-"
            + PidScope.REGEX + "-([0-9a-z]{" + RANDOM_LENGTH + "})");

    /** In which state a directory is. */
    public enum Form {
        OPENING(".new-"),
        IN_USE(""),
        /** Nobody works there any more, whether or not its process lives. */
        LEFT("left-");

        private final String prefix;

        Form(String prefix) {
            this.prefix = prefix;
        }

        private static Form of(String prefix) {
            return prefix.equals(OPENING.prefix) ? OPENING : LEFT;
        }
    }

    /** A name that never occurred, of a directory that is being opened. */
    public static OwnerName next(ProcessIdentity process) {
        return new OwnerName(Form.OPENING, process, RandomText.of(RANDOM_LENGTH));
    }

    /** The same directory's name in another state. */
    public OwnerName in(Form other) {
        return new OwnerName(other, process, random);
    }

    /** The name with this text; empty if it is no owner directory's. */
    public static Optional<OwnerName> parse(String text) {
        Matcher name = GRAMMAR.matcher(text);
        if (!name.matches()) {
            return Optional.empty();
        }
        Form form = name.group(1) == null ? Form.IN_USE : Form.of(name.group(1));
        PidScope scope = new PidScope(name.group(4), name.group(5), name.group(6), name.group(7), name.group(8));
        return Optional.of(new OwnerName(
                form, new ProcessIdentity(Long.parseLong(name.group(2)), name.group(3), scope), name.group(9)));
    }

    /** The name as it is on disk. */
    public String format() {
        return form.prefix + process.pid() + "-" + process.start() + "-"
                + process.scope().format() + "-" + random;
    }

    /** Short, for people: {@code PID-RANDOM}. */
    public String label() {
        return form.prefix + process.pid() + "-" + random;
    }

    /** Its name in use: by that the JVM knows it for its own, whatever its state. */
    public String own() {
        return in(Form.IN_USE).format();
    }

    @Override
    public String toString() {
        return format();
    }
}
