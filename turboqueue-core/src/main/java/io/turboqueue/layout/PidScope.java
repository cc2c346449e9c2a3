package io.turboqueue.layout;

/**
 * Within what a process id means something, and whose process it is. What is not known is {@code x}.
 *
 * @param boot the first eight digits of {@code /proc/sys/kernel/random/boot_id}
 * @param pids the PID namespace, by its number in {@code /proc/self/ns/pid}
 * @param times the time namespace, which shifts start times; 0 where the kernel has none
 * @param users the user namespace, in which the user's number means something
 * @param user the user, by number: {@code hidepid} hides the processes of others
 */
public record PidScope(String boot, String pids, String times, String users, String user) {

    public static final String UNKNOWN_PART = "x";

    /** Nothing is known. */
    static final PidScope UNKNOWN = new PidScope(UNKNOWN_PART, UNKNOWN_PART, UNKNOWN_PART, UNKNOWN_PART, UNKNOWN_PART);

    private static final String NUMBER = "([0-9]{1,10}|x)";

    /** The grammar, {@code BOOT-PIDS.TIMES.USERS.USER}: five groups. */
    static final String REGEX = "([0-9a-f]{8}|x)-" + NUMBER + "\\." + NUMBER + "\\." + NUMBER + "\\." + NUMBER;

    /** Whether every part is known: only then can two scopes be told to be the same. */
    boolean isKnown() {
        return !boot.equals(UNKNOWN_PART)
                && !pids.equals(UNKNOWN_PART)
                && !times.equals(UNKNOWN_PART)
                && !users.equals(UNKNOWN_PART)
                && !user.equals(UNKNOWN_PART);
    }

    String format() {
        return boot + "-" + pids + "." + times + "." + users + "." + user;
    }
}
