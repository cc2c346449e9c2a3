package io.turboqueue;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.LocalDisk;
import io.turboqueue.layout.OwnerName;
import io.turboqueue.layout.SpoolFolder;
import io.turboqueue.owner.ClaimRequeue;
import io.turboqueue.owner.Liveness;
import io.turboqueue.owner.OwnerRecovery;
import io.turboqueue.owner.ProcFolder;
import io.turboqueue.time.ManualNanos;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks whether owners live, and recovers those that are dead, by a clock that stands still except for what it is asked to do. Also the
 * main class of a process of its own, which answers each line on its standard input with one line. Argument: the spool.
 */
final class LookingProcess {

    private final Disk disk = new LocalDisk();
    private final ManualNanos clock = new ManualNanos();
    private final SpoolFolder spool;
    private final Liveness liveness;
    private final OwnerRecovery recovery;

    LookingProcess(Path folder) throws IOException {
        spool = SpoolFolder.existing(disk, folder);
        liveness = new Liveness(disk, spool, ProcFolder.SYSTEM);
        recovery = new OwnerRecovery(disk, spool, new ClaimRequeue(disk, spool, name -> 5), ProcFolder.SYSTEM, clock);
    }

    public static void main(String[] arguments) throws Exception {
        LookingProcess process = new LookingProcess(Path.of(arguments[0]));
        try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                System.out.println(process.answer(line.split(" ", 2)[0], line.substring(line.indexOf(' ') + 1)));
                System.out.flush();
            }
        }
    }

    String answer(String command, String text) throws IOException {
        return switch (command) {
            case "look" -> look();
            case "recover" -> recover(Long.parseLong(text));
            default -> throw new IllegalArgumentException(command);
        };
    }

    /** What each owner that is not this process looks like. */
    private String look() throws IOException {
        List<String> evidence = new ArrayList<>();
        for (OwnerName owner : spool.ownerNames(disk)) {
            evidence.add(liveness.look(owner).toString());
        }
        return evidence.toString();
    }

    /** Recovers once, after some seconds. */
    private String recover(long seconds) throws IOException {
        clock.advance(Duration.ofSeconds(seconds));
        return recovery.runOnce().toString();
    }
}
