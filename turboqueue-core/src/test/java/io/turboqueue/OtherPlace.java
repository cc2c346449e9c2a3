package io.turboqueue;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a process sees others differently than this one does. Only root can make these; without that right, or the tools, a test
 * is skipped. Mounts and namespaces end with the process.
 */
public enum OtherPlace {
    /** It is number 1 there, and {@code /proc} shows the numbers of outside. */
    PID_NAMESPACE_WITH_OUTER_PROC {
        @Override
        List<String> enter(Path temp) {
            return List.of("unshare", "--pid", "--fork", "--kill-child");
        }
    },
    /** The start times of all processes are others. */
    TIME_NAMESPACE {
        @Override
        List<String> enter(Path temp) {
            return List.of("unshare", "--time", "--boottime", "100000", "--fork", "--kill-child");
        }
    },
    /** {@code /proc} hides the processes of others; as another user, who may open all files. */
    ANOTHER_USER_AND_HIDEPID {
        @Override
        List<String> enter(Path temp) {
            return List.of("unshare", "--mount", "sh", "-c", HIDE, "sh");
        }
    },
    /** There is no {@code /proc}. */
    ANOTHER_ROOT_WITHOUT_PROC {
        @Override
        List<String> enter(Path temp) throws IOException {
            return below(Files.createDirectory(temp.resolve("root")), "/proc");
        }
    };

    private static final String HIDE = """
            mount -t proc -o hidepid=2 proc /proc &&
            exec setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps +dac_override --ambient-caps +dac_override "$@"
            """;

    /** The machine's folders below another root, but for those named; then a program in it. */
    private static final String CHANGE_ROOT = """
            set -e
            root="$1" without="$2"; shift 2
            for folder in /*; do
              if [ -L "$folder" ]; then cp -P "$folder" "$root/"
              elif [ -d "$folder" ] && [ "$folder" != "$without" ] && [ "$folder" != /spool ]; then
                mkdir -p "$root$folder"; mount --rbind "$folder" "$root$folder"
              fi
            done
            exec chroot "$root" "$@"
            """;

    /**
     * The beginning of a command line, whose rest is run there.
     *
     * @param temp takes what must be made for it
     */
    abstract List<String> enter(Path temp) throws IOException;

    /** Likewise, for a root of the caller's own, whose mounts are not shown; {@code /spool} is not the machine's. */
    public static List<String> below(Path root, String without) {
        return List.of("unshare", "--mount", "sh", "-c", CHANGE_ROOT, "sh", root.toString(), without);
    }

    /**
     * Skips the test where no process can be run there.
     *
     * @param temp takes what must be made to try it
     */
    public void assumeThere(Path temp) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(enter(Files.createTempDirectory(temp, "place-")));
        command.add("true");
        assumeThat(succeeds(command))
                .as("this user may run a process in %s", this)
                .isTrue();
    }

    private static boolean succeeds(List<String> command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }
}
