package io.turboqueue.layout;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of lock files in an owner directory, {@code owner-N.lock} with N from 1. Pure functions. */
public final class LockFile {

    private static final Pattern GRAMMAR = Pattern.compile("owner-([1-9][0-9]{0,8})\\.lock");
    private static final String UNFINISHED = ".new-";

    private LockFile() {}

    /** The name of the n-th. */
    public static String name(int number) {
        return "owner-" + number + ".lock";
    }

    /** The name under which the n-th is locked before it gets its own. */
    public static String unfinished(int number) {
        return UNFINISHED + name(number);
    }

    /** The number in a lock file's name; empty for any other name. */
    public static OptionalInt number(String name) {
        Matcher matcher = GRAMMAR.matcher(name);
        return matcher.matches() ? OptionalInt.of(Integer.parseInt(matcher.group(1))) : OptionalInt.empty();
    }

    /** Whether it is a lock file, or one that its owner did not finish. */
    static boolean isOne(String name) {
        return number(name.startsWith(UNFINISHED) ? name.substring(UNFINISHED.length()) : name)
                .isPresent();
    }
}
