package io.turboqueue.layout;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.FileStatus;
import io.turboqueue.disk.Volume;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A spool on disk: a folder of queues and one owner directory for each process at work.
 *
 * @param path the folder, absolute and without symbolic links
 * @param rule what must hold of the folders below it
 */
public record SpoolFolder(Path path, FolderRule rule) {

    /** The folder of the owner directories; no queue can have this name. */
    public static final String OWNERS = "owners";

    /** The file with defaults for every queue; no queue can have this name. */
    public static final String CONFIG = "turboqueue.json";

    private static final String USER = "unix:uid";
    private static final Path SELF = Path.of("/proc/self");
    private static final Set<String> NETWORK_TYPES = Set.of(
            "nfs",
            "nfs4",
            "cifs",
            "smb",
            "smb2",
            "smb3",
            "smbfs",
            "9p",
            "afs",
            "ceph",
            "glusterfs",
            "lustre",
            "gpfs",
            "ocfs2",
            "gfs2",
            "ncpfs",
            "coda",
            "virtiofs");

    /** A spool to which others may write. */
    public SpoolFolder(Path path) {
        this(path, FolderRule.OTHERS_MAY_WRITE);
    }

    /**
     * A spool that is there; nothing is made.
     *
     * @throws AccessDeniedException if this user may not look
     * @throws IOException if the folder is missing, no spool, or another release's
     */
    public static SpoolFolder existing(Disk disk, Path path) throws IOException {
        SpoolFolder spool;
        try {
            spool = new SpoolFolder(path.toRealPath());
        } catch (AccessDeniedException unknown) {
            throw unknown;
        } catch (FileSystemException missing) { // or below a file
            throw new IOException("there is no spool " + path.toAbsolutePath().normalize());
        }
        BasicFileAttributes owners = disk.look(spool.owners());
        if (owners == null || !owners.isDirectory()) {
            throw new IOException(spool.path + " is no TurboQueue spool: it has no folder \"" + OWNERS + "\"");
        }
        SpoolFormat.require(disk, spool);
        return spool;
    }

    /**
     * Opens a spool's folder, made if it is missing; it is no spool before {@link #ensureOwners}.
     *
     * @throws IOException in a sentence if this user may not look or make one, or it is no folder
     */
    public static SpoolFolder openOrCreate(Disk disk, Path path) throws IOException {
        try {
            createWithParents(disk, path.toAbsolutePath());
            return new SpoolFolder(path.toRealPath());
        } catch (FileSystemException failed) {
            throw new IOException(refused(path, failed), failed);
        }
    }

    /** A sentence about a spool that cannot be opened. */
    public static String refused(Path spool, FileSystemException failed) {
        if (failed instanceof AccessDeniedException denied) {
            return denied(spool, denied);
        }
        return "spool " + spool.toAbsolutePath().normalize() + " cannot be opened: " + reason(failed) + " (at "
                + failed.getFile() + ")";
    }

    private static String reason(FileSystemException failed) {
        String reason = failed.getReason();
        if (reason != null) {
            return reason;
        } else if (failed instanceof NoSuchFileException) {
            return "there is no such file";
        }
        return failed instanceof NotDirectoryException ? "not a folder" : "it is in the way";
    }

    /** A sentence about a spool that this user may not use. */
    public static String denied(Path spool, AccessDeniedException denied) {
        return "permission denied: user " + System.getProperty("user.name") + " may not use spool "
                + spool.toAbsolutePath().normalize() + " (at " + denied.getFile() + ")";
    }

    /**
     * Makes an empty folder a spool; does nothing to a spool, nor to one that another process makes just now.
     *
     * @throws IOException if the folder is neither, or a spool of a release that sees by other rules who lives
     */
    public void ensureOwners(Disk disk) throws IOException {
        if (disk.look(owners()) == null && !holdsOnlyOurs(disk) && disk.look(owners()) == null) {
            throw new IOException(path + " is no TurboQueue spool: it is not empty and has no folder \"" + OWNERS
                    + "\"; name a missing or an empty folder to make one");
        }
        disk.createFolder(owners());
        rule.require(disk, owners());
        SpoolFormat.claim(disk, this);
    }

    private static void createWithParents(Disk disk, Path path) throws IOException {
        if (isThere(disk, path)) {
            if (!Files.isDirectory(path)) {
                throw new IOException("spool " + path + " is not a folder");
            }
            return;
        }
        Path parent = path.getParent();
        if (parent != null) {
            createWithParents(disk, parent);
        }
        disk.createFolder(path);
    }

    /** Below a file nothing is; where this user may not look, who knows. */
    private static boolean isThere(Disk disk, Path path) throws IOException {
        try {
            return disk.look(path) != null;
        } catch (AccessDeniedException unknown) {
            throw unknown;
        } catch (FileSystemException parentIsNoFolder) {
            return false;
        }
    }

    private boolean holdsOnlyOurs(Disk disk) throws IOException {
        List<String> others = new ArrayList<>();
        disk.list(path, name -> {
            if (!name.equals(CONFIG) && !name.equals(OWNERS) && !name.equals("lost+found") && !Reserve.isName(name)) {
                others.add(name);
            }
        });
        return others.isEmpty();
    }

    /**
     * Refuses a folder that others may write to: whoever can, can forge, delete and replay batches.
     *
     * @return what could not be checked, in a sentence; empty if all was
     * @throws IOException if others may write to it
     */
    public Optional<String> requirePrivate() throws IOException {
        PosixFileAttributes found;
        try {
            found = Files.readAttributes(path, PosixFileAttributes.class);
        } catch (UnsupportedOperationException noModes) {
            return Optional.of("the file system of spool " + path
                    + " has no owners and modes, so who else can write to it is not checked");
        }
        Set<PosixFilePermission> modes = found.permissions();
        if (modes.contains(PosixFilePermission.OTHERS_WRITE) || modes.contains(PosixFilePermission.GROUP_WRITE)) {
            throw new IOException("spool " + path + " can be written by other users; run chmod go-w on it, or set"
                    + " allow.othersWriting to true if they are to be trusted");
        }
        return requireOwned();
    }

    /** The same spool, with each folder below it refused when it is used if others may write to it. */
    public SpoolFolder forItsOwnerOnly(Disk disk) throws IOException {
        FileStatus found = disk.status(path);
        return found == null ? this : new SpoolFolder(path, new FolderRule(found.user()));
    }

    private Optional<String> requireOwned() throws IOException {
        if (!Files.exists(SELF)) {
            return Optional.of("this process cannot see " + SELF + ", so whether spool " + path
                    + " belongs to its user is not checked");
        }
        if (isAnothers()) {
            throw new IOException("spool " + path + " belongs to user " + Files.getAttribute(path, USER)
                    + ", this process runs as user " + Files.getAttribute(SELF, USER)
                    + "; run it as the same user, or set allow.othersWriting to true");
        }
        return Optional.empty();
    }

    /** Whether the folder is known to belong to another user than this process's. */
    public boolean isAnothers() throws IOException {
        return Files.exists(SELF) && !Files.getAttribute(path, USER).equals(Files.getAttribute(SELF, USER));
    }

    /**
     * Refuses a file system on which rename and locks do not do what the protocol needs.
     *
     * @return what could not be checked, in a sentence; empty if it was
     * @throws IOException if it is on such a file system
     */
    public Optional<String> requireLocal() throws IOException {
        String type;
        try {
            type = new Volume(path).type().toLowerCase(Locale.ROOT);
        } catch (IOException untold) {
            return Optional.of("the file system of spool " + path + " cannot be found out (" + untold.getMessage()
                    + "), so whether it is a network file system is not checked");
        }
        if (isNetwork(type)) {
            throw new IOException("spool " + path + " is on the network file system " + type
                    + ", where a rename may succeed and still report failure; use a local one, or set"
                    + " allow.networkFileSystem to true at your own risk");
        }
        return Optional.empty();
    }

    static boolean isNetwork(String type) {
        return NETWORK_TYPES.contains(type) || type.equals("fuse") || type.startsWith("fuse.");
    }

    /** The owner directories, those being opened and those given up included; whatever else lies there is left alone. */
    public List<OwnerName> ownerNames(Disk disk) throws IOException {
        List<OwnerName> names = new ArrayList<>();
        disk.list(owners(), text -> OwnerName.parse(text).ifPresent(names::add));
        return names.stream().distinct().toList();
    }

    /** Where the owner directories are. */
    public Path owners() {
        return path.resolve(OWNERS);
    }

    /** The file with defaults for every queue. */
    public Path config() {
        return path.resolve(CONFIG);
    }

    /** Where a queue is, or would be. */
    public QueueFolder queue(QueueName name) {
        return new QueueFolder(path.resolve(name.text()), name, rule);
    }

    /** The queues there are, in order of their names. A symbolic link is none. */
    public List<QueueName> queues(Disk disk) throws IOException {
        return queues(disk, folder -> Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS));
    }

    /** The names of queues that symbolic links have, in order; all work on them is refused. */
    public List<QueueName> links(Disk disk) throws IOException {
        return queues(disk, Files::isSymbolicLink);
    }

    private List<QueueName> queues(Disk disk, Predicate<Path> wanted) throws IOException {
        List<String> names = new ArrayList<>();
        disk.list(path, name -> {
            if (QueueName.isValid(name) && wanted.test(path.resolve(name))) {
                names.add(name);
            }
        });
        Collections.sort(names);
        return names.stream().distinct().map(QueueName::new).toList();
    }
}
