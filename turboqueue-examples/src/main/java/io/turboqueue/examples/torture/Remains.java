package io.turboqueue.examples.torture;

import io.turboqueue.layout.QueueFolder;
import io.turboqueue.layout.SpoolFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a run leaves on disk. */
final class Remains {

    private static final List<String> TO_DO = List.of("/ready/", "/delayed/", "/loading~", "/claimed~");

    private static final Pattern OWNER = Pattern.compile("(?:\\.new-|left-)?([0-9]{1,18})-.*");
    private static final long NOBODY = -1;

    private Remains() {}

    /** Every file and link of a spool but emptied ones kept for reuse, and its owner directories, by their paths in it. */
    static List<String> everything(Path spool) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path folder : list(spool)) {
            boolean owners = folder.getFileName().toString().equals(SpoolFolder.OWNERS);
            for (Path inside : owners ? ownerDirectories(folder) : list(folder)) {
                add(found, spool, inside, owners);
            }
        }
        return found;
    }

    private static void add(List<String> found, Path spool, Path folder, boolean owner) throws IOException {
        String name = folder.getFileName().toString();
        if (name.equals("free")) {
            return;
        }
        boolean state =
                QueueFolder.STATES.stream().anyMatch(known -> known.word().equals(name));
        if (owner || !state) {
            found.add("/" + spool.relativize(folder));
        }
        for (Path inside : list(folder)) {
            found.add("/" + spool.relativize(inside));
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (NoSuchFileException | NotDirectoryException goneOrNoFolder) {
            return List.of();
        } catch (UncheckedIOException goneMeanwhile) {
            throw goneMeanwhile.getCause();
        }
    }

    /** All but the mark of the spool's format, which stays. */
    private static List<Path> ownerDirectories(Path folder) throws IOException {
        return list(folder).stream()
                .filter(owner -> !owner.getFileName().toString().startsWith("format-"))
                .toList();
    }

    /** How many owner directories there are, those included that somebody had only begun to open. */
    static int owners(Path spool) throws IOException {
        return ownerDirectories(spool.resolve(SpoolFolder.OWNERS)).size();
    }

    /** The processes that have an owner directory, or had begun to open one. */
    static Set<Long> processes(Path spool) throws IOException {
        Set<Long> pids = new HashSet<>();
        for (Path owner : ownerDirectories(spool.resolve(SpoolFolder.OWNERS))) {
            Matcher name = OWNER.matcher(owner.getFileName().toString());
            pids.add(name.matches() ? Long.parseLong(name.group(1)) : NOBODY);
        }
        return pids;
    }

    /** Whether no batch waits or is being worked on. */
    static boolean isIdle(Path spool) {
        try {
            return everything(spool).stream().noneMatch(path -> TO_DO.stream().anyMatch(path::contains));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** What must not be there when everything has ended, in words. */
    static List<String> violations(TestBed testBed) throws IOException {
        List<String> violations = new ArrayList<>();
        everything(testBed.spool()).forEach(path -> violations.add("left in the spool at rest: " + path));
        for (Path file : list(testBed.temporary())) {
            violations.add("left in the temporary folder: " + file.getFileName());
        }
        for (Path file : list(testBed.logs())) {
            if (file.getFileName().toString().startsWith("hs_err")) {
                violations.add("a JVM crashed: " + file);
            }
        }
        return violations;
    }
}
