package io.turboqueue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script in a real bash, which is asked for completions as the line editor would. */
class CompletionTest {

    private static final String ASK = """
            source <(turboqueue completion)
            ask() {
              COMP_WORDS=(turboqueue "$@"); COMP_CWORD=$#; COMPREPLY=()
              _turboqueue 2>/dev/null  # compopt complains outside of the line editor
              printf '%s|' "${COMPREPLY[@]}"; echo
            }
            """;

    @TempDir
    Path temp;

    private List<String> ask(String... questions) throws IOException, InterruptedException {
        try (Shell shell = new Shell(temp)) {
            for (String folder : List.of("owners", "numbers", "flights", "Not a queue")) {
                Files.createDirectories(shell.spool().resolve(folder));
            }
            return shell.run(ASK + "ask " + String.join("\nask ", questions)).lines();
        }
    }

    @Test
    void queueNamesAreThoseOfTheSpool() throws Exception {
        assertThat(ask("ls fl", "ls numbers ''", "send n", "send numbers ''", "move numbers --to f", "--utc cat n"))
                .containsExactly("flights|", "flights|numbers|", "numbers|", "|", "flights|", "numbers|");
    }

    @Test
    void statesSortKeysAndColumnsAreKnown() throws Exception {
        assertThat(ask(
                        "ls --state re",
                        "ls --state ready,del",
                        "ls --sort s",
                        "sql numbers '\"select pay'",
                        "ls --state x"))
                .containsExactly("ready|", "ready,delayed|", "size|", "select payload|", "|");
    }

    @Test
    void verbsAndOptionsStayKnown() throws Exception {
        assertThat(ask("rec", "ls --li")).containsExactly("receive|recover|", "--limit|");
    }
}
