package io.turboqueue.disk;

/**
 * What {@code lstat(2)} says of an entry; a symbolic link is not followed.
 *
 * @param kind what it is
 * @param links how many names it has
 * @param user the user id of its owner
 * @param permissions the permission bits, such as 0600
 * @param bytes the length of a file
 * @param device with {@code inode}, which file it is, whatever its name
 * @param inode see {@code device}
 */
public record FileStatus(Kind kind, int links, int user, int permissions, long bytes, long device, long inode) {

    /** The permission bits of every file that the queue makes. */
    public static final int PRIVATE_FILE = 0600;

    private static final int GROUP_OR_OTHERS_WRITE = 022;

    /** What an entry is. */
    public enum Kind {
        FILE("a file"),
        FOLDER("a folder"),
        LINK("a symbolic link"),
        PIPE("a named pipe"),
        SOCKET("a socket"),
        DEVICE("a device");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** The kind that the type bits of {@code st_mode} name. */
        static Kind of(int mode) {
            return switch (mode & 0170000) {
                case 0100000 -> FILE;
                case 0040000 -> FOLDER;
                case 0120000 -> LINK;
                case 0010000 -> PIPE;
                case 0140000 -> SOCKET;
                default -> DEVICE;
            };
        }

        /** For a sentence: "a folder". */
        public String words() {
            return words;
        }
    }

    /** Whether it is a folder. */
    public boolean isFolder() {
        return kind == Kind.FOLDER;
    }

    /** Whether it is a regular file. */
    public boolean isFile() {
        return kind == Kind.FILE;
    }

    /** Whether its group or everybody may write to it. */
    public boolean isWritableByOthers() {
        return (permissions & GROUP_OR_OTHERS_WRITE) != 0;
    }

    /** Whether both are names of one file. */
    public boolean isSameFile(FileStatus other) {
        return device == other.device && inode == other.inode;
    }
}
