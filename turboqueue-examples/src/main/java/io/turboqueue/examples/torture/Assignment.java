package io.turboqueue.examples.torture;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What one process is to do.
 *
 * @param role whether it produces, consumes or keeps order
 * @param spool where
 * @param ledger what it writes down, and by its name its own name
 * @param seed of its choices
 * @param workload what it has in common with the others
 */
record Assignment(Role role, Path spool, Path ledger, long seed, Workload workload) {

    private static final int OWN = 4;

    /** The name of the process. */
    String name() {
        return ledger.getFileName().toString().replace(HistoryFile.SUFFIX, "");
    }

    /** The same as the process's arguments. */
    List<String> arguments() {
        List<String> arguments =
                new ArrayList<>(List.of(role.name(), spool.toString(), ledger.toString(), Long.toString(seed)));
        arguments.addAll(workload.arguments());
        return arguments;
    }

    static Assignment parse(List<String> arguments) {
        return new Assignment(
                Role.valueOf(arguments.get(0)),
                Path.of(arguments.get(1)),
                Path.of(arguments.get(2)),
                Long.parseLong(arguments.get(3)),
                Workload.parse(arguments.subList(OWN, arguments.size())));
    }
}
