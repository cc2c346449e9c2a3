package io.turboqueue.examples.torture;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;

/** What is put into a folder of a spool that does not belong there. */
enum OddEntry {
    LINK_TO_A_FILE,
    LINK_TO_A_FOLDER,
    LINK_TO_NOTHING,
    LINK_TO_ITSELF,
    PIPE,
    SOCKET,
    DEVICE,
    FOLDER,
    FULL_FOLDER,
    READ_ONLY_FOLDER,
    CLOSED_FOLDER,
    UNREADABLE_FILE,
    FILE_OF_ALL,
    HUGE_FILE,
    SECOND_NAME;

    private static final long HUGE = 3L << 30;

    /**
     * Makes one.
     *
     * @param place where, in a folder that is there
     * @param outside a folder outside the spool with a file {@code bait.db} in it
     * @param staging a folder on the same file system, for what is made elsewhere and moved
     */
    void make(Path place, Path outside, Path staging) throws IOException, InterruptedException {
        Path bait = outside.resolve(Outside.BAIT);
        switch (this) {
            case LINK_TO_A_FILE -> Files.createSymbolicLink(place, bait);
            case LINK_TO_A_FOLDER -> Files.createSymbolicLink(place, outside);
            case LINK_TO_NOTHING -> Files.createSymbolicLink(place, staging.resolve("nothing"));
            case LINK_TO_ITSELF -> Files.createSymbolicLink(place, place.getFileName());
            case PIPE -> run("mkfifo", place.toString());
            case SOCKET -> makeSocket(place, staging);
            case DEVICE -> makeDevice(place);
            case FOLDER -> Files.createDirectory(place);
            case FULL_FOLDER -> fullFolder(place);
            case READ_ONLY_FOLDER -> setMode(fullFolder(place), "r-xr-xr-x");
            case CLOSED_FOLDER -> setMode(fullFolder(place), "---------");
            case UNREADABLE_FILE -> makeFile(place, staging, "---------");
            case FILE_OF_ALL -> makeFile(place, staging, "rw-rw-rw-");
            case HUGE_FILE -> makeHuge(place, staging);
            case SECOND_NAME -> Files.createLink(place, bait);
        }
    }

    /** Whether an ordinary user may be unable to move or delete it. */
    boolean isStubborn() {
        return this == FULL_FOLDER || this == READ_ONLY_FOLDER || this == CLOSED_FOLDER;
    }

    private static Path fullFolder(Path place) throws IOException {
        Files.writeString(Files.createDirectory(place).resolve("inside"), "odd");
        return place;
    }

    private static void setMode(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    /** Made elsewhere: a producer may fill a file in {@code free/} as soon as it is there, so nobody else may still write it. */
    private static void makeFile(Path place, Path staging, String mode) throws IOException {
        Path file = Files.writeString(staging.resolve(place.getFileName()), "odd");
        setMode(file, mode);
        Files.move(file, place, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Made elsewhere, for the same reason. */
    private static void makeHuge(Path place, Path staging) throws IOException {
        Path file = staging.resolve(place.getFileName());
        try (RandomAccessFile huge = new RandomAccessFile(file.toFile(), "rw")) {
            huge.setLength(HUGE);
        }
        Files.move(file, place, StandardCopyOption.ATOMIC_MOVE);
    }

    /** A socket's path is short, so it is made elsewhere if need be; where that cannot be, a pipe is as good. */
    private static void makeSocket(Path place, Path staging) throws IOException, InterruptedException {
        Path socket = staging.resolve("socket");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Files.move(socket, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException tooLong) {
            run("mkfifo", place.toString());
        }
    }

    /** The null device, which only root can make. */
    private static void makeDevice(Path place) throws IOException, InterruptedException {
        if (run("mknod", place.toString(), "c", "1", "3") != 0) {
            run("mkfifo", place.toString());
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    /** Removes one, whatever it is. */
    static void remove(Path place) throws IOException {
        if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
            setMode(place, "rwx------");
            TestBed.delete(place);
        } else {
            Files.deleteIfExists(place);
        }
    }

    /** For ledgers and people. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
