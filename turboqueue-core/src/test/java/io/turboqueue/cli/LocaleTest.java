package io.turboqueue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.Spool;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where nobody set a UTF-8 locale: cron, systemd, Docker. The scripts here are ASCII, since this JVM may have none either. */
class LocaleTest {

    private static final String KEY = "key=$(printf 'schl\\303\\274ssel'); ";

    @TempDir
    Path temp;

    private Shell shell;

    @BeforeEach
    void shell() throws IOException {
        shell = new Shell(temp);
    }

    @AfterEach
    void endWhatIsLeft() {
        shell.close();
    }

    /** In bash, for each kind of environment without a UTF-8 locale. */
    private static final String UNSET = "unset LC_ALL LC_CTYPE LANG; ";

    @ParameterizedTest
    @ValueSource(
            strings = {
                UNSET,
                UNSET + "export LC_ALL=C; ",
                UNSET + "export LC_ALL=POSIX; ",
                UNSET + "export LANG=C; ",
                UNSET + "export LANG=C LC_CTYPE=POSIX; ",
                UNSET + "export LANG=xx_XX.UTF-8; "
            })
    void keysHeadersAndEnvironmentPassUnharmed(String locale) throws Exception {
        Shell.Result result = shell.run(locale + KEY + """
                turboqueue send q -m a --key "$key" --header "$key=$key" || exit 9
                turboqueue cat q --ndjson
                turboqueue receive q --max 1 --exec 'printf %s "$TQ_KEY" | od -An -c'
                """);

        assertThat(result.exit()).as(result.err()).isZero();
        assertThat(result.out())
                .contains("\"key\":\"schl\u00fcssel\",\"headers\":{\"schl\u00fcssel\":\"schl\u00fcssel\"}")
                .contains("s   c   h   l 303 274   s   s   e   l");
    }

    @Test
    void aSpoolBelowAFolderThatIsNotAsciiIsUsedByOptionByVariableAndFromInside() throws Exception {
        Shell.Result result = shell.run(UNSET + KEY + """
                mkdir "$key" && cd "$key"
                unset TURBOQUEUE_SPOOL
                turboqueue --spool "$PWD/spool" send q -m a || exit 9
                TURBOQUEUE_SPOOL="$PWD/spool" turboqueue send q -m b || exit 8
                turboqueue --spool spool send q -m c || exit 7
                cd spool && turboqueue sql q 'select group_concat(payload) from message'
                turboqueue verify && cd ../.. && ls -d sch* | od -An -c
                """);

        assertThat(result.exit()).as(result.err()).isZero();
        assertThat(result.out())
                .contains("a,b,c")
                .contains("no damage")
                .contains("s   c   h   l 303 274   s   s   e   l");
    }

    private static String java(Class<?> main) {
        return Path.of(System.getProperty("java.home"), "bin", "java") + " -Xmx64m -XX:TieredStopAtLevel=1 -cp '"
                + System.getProperty("java.class.path") + "' '" + main.getName() + "'";
    }

    @Test
    void withoutTheLauncherDamagedArgumentsAreRefusedAndNothingIsSent() throws Exception {
        Shell.Result result = shell.run(UNSET + KEY + "export LC_ALL=C; " + java(Main.class) + """
                 send q -m a --key "$key"; echo "exit $?"; ls "$TURBOQUEUE_SPOOL" 2>&1
                """);

        assertThat(result.out()).contains("exit 2").contains("No such file");
        assertThat(result.err())
                .hasLineCount(1)
                .contains("argument \"schl")
                .contains("set LC_ALL to a UTF-8 locale such as C.UTF-8");
    }

    @Test
    void theCharacterThatStandsForLostOnesMayBeTyped() throws Exception {
        Shell.Result result = shell.run(UNSET + """
                key=$(printf 'a\\357\\277\\275b')
                turboqueue send q -m a --key "$key" && turboqueue cat q --ndjson
                turboqueue send q -m a --key "$(printf 'a\\377b')"; echo "exit $?"
                """);

        assertThat(result.out()).contains("\"key\":\"a\ufffdb\"").contains("exit 2");
        assertThat(result.err()).contains("argument \"a\ufffdb\" cannot be read: it is not UTF-8");
    }

    /** Opens a spool by a relative path, and sends. */
    static final class Sender {
        private Sender() {}

        public static void main(String[] args) throws Exception {
            try (Spool spool = Spool.open(Path.of(args[0]));
                    var producer = spool.queue("q").producer()) {
                producer.send(new byte[] {1});
            } catch (IOException refused) {
                System.out.println(refused.getMessage());
            }
        }
    }

    @Test
    void theLibraryRefusesASpoolWhosePathItCannotEncodeInASentenceThatSaysWhatToSet() throws Exception {
        Shell.Result result = shell.run(UNSET + KEY + """
                export LC_ALL=C; mkdir work; cd work; mkdir -p "$key/there"; ln -s "$key/there" link
                JAVA link; cd "$key"; JAVA spool; JAVA .; cd ..; find . | wc -l
                """.replace("JAVA", java(Sender.class)));

        assertThat(result.lines())
                .as(result.err())
                .hasSize(4)
                .last()
                .as("nothing was made")
                .isEqualTo("4");
        assertThat(result.lines().subList(0, 3)).allSatisfy(line -> assertThat(line)
                .contains("cannot be used: its path is not ASCII")
                .contains("start Java in a UTF-8 locale, for example with LC_ALL=C.UTF-8"));
    }
}
