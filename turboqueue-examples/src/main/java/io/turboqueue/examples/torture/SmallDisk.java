package io.turboqueue.examples.torture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A small file system, mounted while this is open; that takes root. */
final class SmallDisk implements AutoCloseable {

    private static final Path SELF = Path.of("/proc/self");
    private static final int TRIES_TO_UNMOUNT = 50;

    private final Path mountPoint;

    /** The kinds there are. */
    enum Kind {
        TMPFS("mount", ""),
        EXT4("mkfs.ext4", "loop,commit=1"),
        /** With the copy of a mounted disk beside it, which has the same UUID. */
        XFS("mkfs.xfs", "loop,nouuid"),
        BTRFS("mkfs.btrfs", "loop");

        private static final Pattern RELEASE = Pattern.compile("([0-9]+)\\.([0-9]+).*");

        private final String tool;
        private final String options;

        Kind(String tool, String options) {
            this.tool = tool;
            this.options = options;
        }

        /** Why there can be none of it here; empty if there can. */
        Optional<String> obstacle() {
            return isThere(tool) ? Optional.empty() : Optional.of(this + " skipped: there is no " + tool);
        }

        /**
         * Why a copy cannot be mounted beside its original, or none can be made at all; empty if it can. Btrfs mounts a copy
         * since Linux 6.7 (commit "btrfs: support cloned-device mount capability").
         */
        Optional<String> obstacleToCopies() {
            String release = System.getProperty("os.version");
            return this == BTRFS && obstacle().isEmpty() && !isAtLeast(release, 6, 7)
                    ? Optional.of(
                            "btrfs skipped: before Linux 6.7 a copy cannot be mounted beside its original, and this is "
                                    + release)
                    : obstacle();
        }

        private static boolean isAtLeast(String release, int major, int minor) {
            Matcher matcher = RELEASE.matcher(release);
            int had = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
            return had > major || (had == major && Integer.parseInt(matcher.group(2)) >= minor);
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private SmallDisk(Path mountPoint) {
        this.mountPoint = mountPoint;
    }

    /** Why nothing can be mounted here; empty if it can. */
    static Optional<String> obstacle() {
        try {
            if (!Files.exists(SELF) || !Files.getAttribute(SELF, "unix:uid").equals(0)) {
                return Optional.of("only root can mount a file system");
            }
        } catch (IOException untold) {
            return Optional.of("it cannot be told whether this is root: " + untold);
        }
        return isThere("mount") ? Optional.empty() : Optional.of("there is no mount");
    }

    private static boolean isThere(String tool) {
        for (String folder : List.of("/sbin", "/usr/sbin", "/bin", "/usr/bin")) {
            if (Files.isExecutable(Path.of(folder, tool))) {
                return true;
            }
        }
        return false;
    }

    /** Makes one and mounts it. */
    static SmallDisk make(Kind kind, Path folder, int megabytes) throws IOException, InterruptedException {
        if (kind == Kind.TMPFS) {
            Path mountPoint = Files.createDirectory(folder.resolve("disk"));
            run("mount", "-t", "tmpfs", "-o", "mode=0700,size=" + megabytes + "m", "tmpfs", mountPoint.toString());
            return new SmallDisk(mountPoint);
        }
        Path image = folder.resolve("image");
        try (FileChannel channel = FileChannel.open(image, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), megabytes * (1L << 20) - 1);
        }
        run(kind.tool, "-q", image.toString());
        return mount(kind, image, Files.createDirectory(folder.resolve("disk")));
    }

    /** Mounts an image. */
    static SmallDisk mount(Kind kind, Path image, Path mountPoint) throws IOException, InterruptedException {
        run("mount", "-t", kind.toString(), "-o", kind.options, image.toString(), mountPoint.toString());
        return new SmallDisk(mountPoint);
    }

    Path folder() {
        return mountPoint;
    }

    private static void run(String... command) throws IOException, InterruptedException {
        List<String> failed = attempt(command);
        if (!failed.isEmpty()) {
            throw new IOException(String.join(" ", command) + " failed: " + failed);
        }
    }

    private static List<String> attempt(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = new ArrayList<>(process.inputReader().lines().toList());
        int status = process.waitFor();
        if (status != 0) {
            lines.add("status " + status);
            return lines;
        }
        return List.of();
    }

    /** A process that was just killed may keep it busy for a moment. */
    @Override
    public void close() throws IOException {
        try {
            List<String> failed = attempt("umount", mountPoint.toString());
            for (int tries = 1; !failed.isEmpty() && tries < TRIES_TO_UNMOUNT; tries++) {
                TimeUnit.MILLISECONDS.sleep(100);
                failed = attempt("umount", mountPoint.toString());
            }
            if (!failed.isEmpty()) {
                throw new IOException("umount " + mountPoint + " failed: " + failed);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IOException(mountPoint + " is still mounted: interrupted", stop);
        }
    }
}
