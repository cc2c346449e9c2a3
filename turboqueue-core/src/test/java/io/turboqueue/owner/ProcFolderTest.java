package io.turboqueue.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.layout.OwnerName;
import io.turboqueue.layout.PidScope;
import io.turboqueue.layout.ProcessIdentity;
import io.turboqueue.owner.Processes.Sight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With a folder that looks like {@code /proc}. */
class ProcFolderTest {

    private static final long SELF = 4711;
    private static final long OTHER = 4712;

    @TempDir
    Path proc;

    private ProcessIdentity other;

    @BeforeEach
    void healthy() throws IOException {
        write("sys/kernel/random/boot_id", "1f2e3d4c-5b6a-7988-9aab-bccddeeff001\n");
        stat(1, "init", 'S', 1, 3);
        stat(SELF, "java", 'S', 20, 800);
        Files.createSymbolicLink(proc.resolve("self"), Path.of(Long.toString(SELF)));
        for (String kind : new String[] {"pid", "time", "user"}) {
            Path link = proc.resolve("self/ns").resolve(kind);
            Files.createDirectories(proc.resolve(Long.toString(SELF)).resolve("ns"));
            Files.createSymbolicLink(link, Path.of(kind + ":[402653183" + kind.length() + "]"));
        }
        stat(OTHER, "java", 'S', 20, 900);
        other = new ProcessIdentity(OTHER, "900", seen().self().scope());
    }

    private ProcFolder seen() {
        return new ProcFolder(proc, SELF);
    }

    private void write(String name, String text) throws IOException {
        Path file = proc.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void stat(long pid, String program, char state, int threads, long start) throws IOException {
        write(
                pid + "/stat",
                pid + " (" + program + ") " + state + " 1 1 1 0 -1 4194560 1 1 0 1 1 1 1 1 20 0 " + threads + " 0 "
                        + start + " 57212928 5764\n");
    }

    private void remove(String name) throws IOException {
        Files.delete(proc.resolve(name));
    }

    @Test
    void aProcessKnowsWhoItIs() throws IOException {
        Object uid = Files.getAttribute(proc.resolve("self"), "unix:uid");
        assertThat(seen().self())
                .isEqualTo(new ProcessIdentity(
                        SELF,
                        "800",
                        new PidScope("1f2e3d4c", "4026531833", "4026531834", "4026531834", uid.toString())));
        assertThat(seen().self().isKnown()).isTrue();
    }

    @Test
    void thisMachinesIsReadToo() {
        ProcessIdentity self = ProcFolder.SYSTEM.self();

        assertThat(self.pid()).isEqualTo(ProcessHandle.current().pid());
        assertThat(OwnerName.parse(OwnerName.next(self).format())).isPresent();
    }

    @Test
    void aKernelWithoutTimeNamespacesHasOneForAll() throws IOException {
        remove("self/ns/time");

        assertThat(seen().self().scope().times()).isEqualTo("0");
    }

    @Test
    void whereThereIsNoSuchFolderNothingIsKnown() {
        ProcFolder blind = new ProcFolder(proc.resolve("none"), SELF);

        assertThat(blind.self()).isEqualTo(ProcessIdentity.unknown(SELF));
        assertThat(blind.look(other)).isEqualTo(Sight.UNKNOWN);
        assertThat(blind.look(ProcessIdentity.unknown(OTHER))).isEqualTo(Sight.UNKNOWN);
    }

    @Test
    void aProcessThatIsThereIsSeen() {
        assertThat(seen().look(other)).isEqualTo(Sight.PRESENT);
    }

    @Test
    void aProcessThatIsNotThereIsGone() throws IOException {
        remove(OTHER + "/stat");

        assertThat(seen().look(other)).isEqualTo(Sight.GONE);
    }

    @Test
    void aProcessOfTheSameNumberThatStartedAtAnotherTimeIsAnother() throws IOException {
        stat(OTHER, "java", 'S', 20, 901);

        assertThat(seen().look(other)).isEqualTo(Sight.GONE);
    }

    @ParameterizedTest(name = "state {0} with {1} threads: {2}")
    @CsvSource({"Z,1,GONE", "X,0,GONE", "Z,2,PRESENT", "T,1,PRESENT", "D,1,PRESENT", "R,30,PRESENT"})
    void aZombieIsGoneUnlessOnlyItsMainThreadEnded(char state, int threads, Sight expected) throws IOException {
        stat(OTHER, "java", state, threads, 900);

        assertThat(seen().look(other)).isEqualTo(expected);
    }

    @Test
    void aProgramsNameMayHoldAnything() throws IOException {
        stat(OTHER, "a) Z 1 (b", 'S', 20, 900);

        assertThat(seen().look(other)).isEqualTo(Sight.PRESENT);
    }

    @Test
    void inTheFolderOfAnotherNamespaceNothingIsCertain() throws IOException {
        remove(OTHER + "/stat");
        ProcFolder parents = new ProcFolder(proc, 1); // as after unshare --pid: this process is 1, /proc/1 another

        assertThat(parents.look(other)).isEqualTo(Sight.UNKNOWN);
    }

    @Test
    void whereProcessesAreHiddenNothingIsCertain() throws IOException {
        remove(OTHER + "/stat");
        remove("1/stat");

        assertThat(seen().look(other)).isEqualTo(Sight.UNKNOWN);
    }

    @ParameterizedTest(name = "another {0}")
    @ValueSource(strings = {"boot", "pids", "times", "users", "user"})
    void ofAnotherScopeNothingIsCertain(String what) throws IOException {
        remove(OTHER + "/stat");
        PidScope scope = other.scope();
        PidScope another = new PidScope(
                what.equals("boot") ? "00000000" : scope.boot(),
                what.equals("pids") ? "1" : scope.pids(),
                what.equals("times") ? "1" : scope.times(),
                what.equals("users") ? "1" : scope.users(),
                what.equals("user") ? "4294967294" : scope.user());

        assertThat(seen().look(new ProcessIdentity(OTHER, "900", another))).isEqualTo(Sight.UNKNOWN);
    }

    @Test
    void twoUnknownBootsAreNotTheSame() throws IOException {
        remove("sys/kernel/random/boot_id");
        remove(OTHER + "/stat");
        ProcessIdentity unknownBoot =
                new ProcessIdentity(OTHER, "900", seen().self().scope());

        assertThat(seen().look(unknownBoot)).isEqualTo(Sight.UNKNOWN);
    }

    @Test
    void whatCannotBeUnderstoodIsUnknown() throws IOException {
        write(OTHER + "/stat", "nonsense");

        assertThat(seen().look(other)).isEqualTo(Sight.UNKNOWN);
    }
}
