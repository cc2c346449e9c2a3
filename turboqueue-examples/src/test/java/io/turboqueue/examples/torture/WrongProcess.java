package io.turboqueue.examples.torture;

import java.util.List;

/** A process of a wrong variant: its name comes first. */
final class WrongProcess {

    private WrongProcess() {}

    public static void main(String[] arguments) throws Exception {
        WrongVariant variant = WrongVariant.valueOf(arguments[0]);
        Assignment assignment = Assignment.parse(List.of(arguments).subList(1, arguments.length));
        TortureProcess.run(assignment, (disk, ledger) -> variant.over(disk), variant::job);
    }
}
