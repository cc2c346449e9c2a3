package io.turboqueue.directory;

import io.turboqueue.io.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A spool on disk: a folder of queues and one desk for each process at work.
 *
 * @param path the folder, absolute and without symbolic links
 */
public record SpoolFolder(Path path) {

    /** The folder of the desks; no queue can have this name. */
    public static final String OWNERS = "owners";

    /** The file with defaults for every queue; no queue can have this name. */
    public static final String CONFIG = "turboqueue.json";

    private static final Pattern DESK = Pattern.compile("(?:\\.new-)?[0-9]{1,10}-[0-9a-z]{16}");
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

    /**
     * A spool that is there; nothing is made.
     *
     * @throws IOException if the folder is missing or no spool
     */
    public static SpoolFolder existing(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new IOException("there is no spool " + path.toAbsolutePath().normalize());
        }
        SpoolFolder spool = new SpoolFolder(path.toRealPath());
        if (!Files.isDirectory(spool.owners(), LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(spool.path + " is no TurboQueue spool: it has no folder \"" + OWNERS + "\"");
        }
        return spool;
    }

    /** Opens a spool's folder, made if it is missing; it is no spool before {@link #ensureOwners}. */
    public static SpoolFolder openOrCreate(Disk disk, Path path) throws IOException {
        createWithParents(disk, path.toAbsolutePath());
        return new SpoolFolder(path.toRealPath());
    }

    /**
     * Makes an empty folder a spool; does nothing to a spool, nor to one that another process makes just now.
     *
     * @throws IOException if the folder is neither
     */
    public void ensureOwners(Disk disk) throws IOException {
        if (disk.look(owners()) == null && !holdsOnlyOurs(disk) && disk.look(owners()) == null) {
            throw new IOException(path + " is no TurboQueue spool: it is not empty and has no folder \"" + OWNERS
                    + "\"; name a missing or an empty folder to make one");
        }
        disk.createFolder(owners());
    }

    private static void createWithParents(Disk disk, Path path) throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            if (!Files.isDirectory(path)) {
                throw new NotDirectoryException("spool " + path + " is not a folder");
            }
            return;
        }
        Path parent = path.getParent();
        if (parent != null) {
            createWithParents(disk, parent);
        }
        disk.createFolder(path);
    }

    private boolean holdsOnlyOurs(Disk disk) throws IOException {
        List<String> others = new ArrayList<>();
        disk.list(path, name -> {
            if (!name.equals(CONFIG) && !name.equals(OWNERS) && !name.equals("lost+found")) {
                others.add(name);
            }
        });
        return others.isEmpty();
    }

    /** Refuses a folder that others may write to: whoever can, can forge, delete and replay batches. */
    public void requirePrivate() throws IOException {
        PosixFileAttributes found = Files.readAttributes(path, PosixFileAttributes.class);
        Set<PosixFilePermission> modes = found.permissions();
        if (modes.contains(PosixFilePermission.OTHERS_WRITE) || modes.contains(PosixFilePermission.GROUP_WRITE)) {
            throw new IOException("spool " + path + " can be written by other users; run chmod go-w on it, or set"
                    + " allow.othersWriting to true if they are to be trusted");
        }
        Object owner = Files.getAttribute(path, USER);
        Object self = Files.exists(SELF) ? Files.getAttribute(SELF, USER) : owner;
        if (!owner.equals(self)) {
            throw new IOException("spool " + path + " belongs to user " + owner + ", this process runs as user " + self
                    + "; run it as the same user, or set allow.othersWriting to true");
        }
    }

    /** Refuses a file system on which rename and locks do not do what the protocol needs. */
    public void requireLocal() throws IOException {
        String type = Files.getFileStore(path).type().toLowerCase(Locale.ROOT);
        if (isNetwork(type)) {
            throw new IOException("spool " + path + " is on the network file system " + type
                    + ", where a rename may succeed and still report failure; use a local one, or set"
                    + " allow.networkFileSystem to true at your own risk");
        }
    }

    static boolean isNetwork(String type) {
        return NETWORK_TYPES.contains(type) || type.equals("fuse") || type.startsWith("fuse.");
    }

    /** The names of the desks, those being opened included; whatever else lies there is left alone. */
    public List<String> desks(Disk disk) throws IOException {
        List<String> names = new ArrayList<>();
        disk.list(owners(), name -> {
            if (DESK.matcher(name).matches()) {
                names.add(name);
            }
        });
        return names.stream().distinct().toList();
    }

    /** Where the desks are. */
    public Path owners() {
        return path.resolve(OWNERS);
    }

    /** The file with defaults for every queue. */
    public Path config() {
        return path.resolve(CONFIG);
    }

    /** Where a queue is, or would be. */
    public QueueFolder queue(QueueName name) {
        return new QueueFolder(path.resolve(name.text()), name);
    }

    /** The queues there are, in order of their names. */
    public List<QueueName> queues(Disk disk) throws IOException {
        List<String> names = new ArrayList<>();
        disk.list(path, name -> {
            if (QueueName.isValid(name) && Files.isDirectory(path.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
                names.add(name);
            }
        });
        Collections.sort(names);
        return names.stream().distinct().map(QueueName::new).toList();
    }
}
