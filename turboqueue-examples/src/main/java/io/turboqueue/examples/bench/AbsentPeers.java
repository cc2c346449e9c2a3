package io.turboqueue.examples.bench;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Peers that are not Java libraries, and so are on some machines only. */
final class AbsentPeers implements Section {

    private static final long PATIENCE_SECONDS = 10;

    @Override
    public void run(Report report) throws IOException, InterruptedException {
        report.note("Python turbo-queue: " + verdict(isImportable("turbo_queue")));
    }

    private static String verdict(boolean present) {
        return present ? "on this machine, but this benchmark does not measure it yet" : "not on this machine";
    }

    private static boolean isImportable(String module) throws IOException, InterruptedException {
        if (!Programs.isOnPath("python3")) {
            return false;
        }
        Process python = new ProcessBuilder("python3", "-c", "import " + module)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        boolean ended = python.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        python.destroyForcibly();
        return ended && python.exitValue() == 0;
    }
}
