package io.turboqueue.cli;

import io.turboqueue.cli.support.Exit;
import io.turboqueue.cli.support.Verb;
import io.turboqueue.inspect.BatchState;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A completion script. */
@Command(
        name = "completion",
        header = "Prints a completion script.",
        description =
                "Prints a script that makes bash or zsh complete this command's words: verbs, options and their values, the names "
                        + "of the spool's queues, and the columns of 'sql'.",
        footer = {"  source <(turboqueue completion)"})
final class Completion extends Verb {

    /** Queues are folders of the spool, so no JVM is started to list them. */
    private static final String NAMES = """

            _turboqueue_queues() {
              local spool="${TURBOQUEUE_SPOOL:-.}" i queue
              for ((i = 1; i < COMP_CWORD; i++)); do
                if [[ "${COMP_WORDS[i]}" == --spool ]]; then
                  spool="${COMP_WORDS[i + 1]}"
                  [[ "$spool" == '=' ]] && spool="${COMP_WORDS[i + 2]}"
                fi
              done
              spool="${spool/#\\~/$HOME}"
              [[ -d "$spool/owners" ]] || return 0
              for queue in "$spool"/*/; do
                queue="${queue%/}"
                queue="${queue##*/}"
                [[ "$queue" == owners || ! "$queue" =~ ^[a-z0-9][a-z0-9._-]*$ ]] || printf '%s\\n' "$queue"
              done
            }

            # Completes what follows the last separator of the word.
            _turboqueue_last() {
              local words="$1" word="${COMP_WORDS[COMP_CWORD]}" last candidate
              word="${word#[\\"\\']}"
              last="${word##*[ ,(]}"
              COMPREPLY=()
              for candidate in $words; do
                [[ "$candidate" == "$last"* ]] && COMPREPLY+=("${word%"$last"}$candidate")
              done
              return 0
            }

            _turboqueue() {
              local word="${COMP_WORDS[COMP_CWORD]}" i verb='' positions=0
              case "${COMP_WORDS[COMP_CWORD - 1]}" in
                --state) _turboqueue_last 'STATES'; return ;;
                --to) COMPREPLY=($(compgen -W "$(_turboqueue_queues)" -- "$word")); return ;;
              esac
              for ((i = 1; i < COMP_CWORD; i++)); do
                case "${COMP_WORDS[i]}" in
                  OPTIONS) ((i += 1)) ;;
                  -*) ;;
                  *)
                    [[ -n "$verb" ]] && ((positions += 1))
                    verb="${verb:-${COMP_WORDS[i]}}"
                    ;;
                esac
              done
              if ((i == COMP_CWORD)) && [[ "$word" != -* ]]; then
                case "$verb:$positions" in
                  MANY) COMPREPLY=($(compgen -W "$(_turboqueue_queues)" -- "$word")); return ;;
                  ONE) COMPREPLY=($(compgen -W "$(_turboqueue_queues)" -- "$word")); return ;;
                  sql:1) _turboqueue_last 'batch id time key headers payload message select from where'; return ;;
                esac
              fi
              _complete_turboqueue
            }
            complete -F _turboqueue -o default turboqueue
            """;

    @Override
    protected Exit run() throws Exception {
        CommandLine command = Main.complete(context());
        String script = AutoComplete.bash("turboqueue", command);
        for (BatchState state : BatchState.values()) {
            script = script.replace('"' + state.name() + '"', '"' + state.word() + '"');
        }
        line(script);
        line(NAMES.replace(
                        "STATES",
                        Arrays.stream(BatchState.values()).map(BatchState::word).collect(Collectors.joining(" ")))
                .replace("OPTIONS", optionsWithValues(command))
                .replace("MANY", verbs(command, param -> param.arity().isVariable(), ":*"))
                .replace("ONE", verbs(command, param -> !param.arity().isVariable(), ":0")));
        return Exit.OK;
    }

    private static String optionsWithValues(CommandLine command) {
        TreeSet<String> names = new TreeSet<>();
        for (CommandLine verb : command.getSubcommands().values()) {
            for (OptionSpec option : verb.getCommandSpec().options()) {
                if (option.arity().max() > 0) {
                    names.addAll(Arrays.asList(option.names()));
                }
            }
        }
        return String.join(" | ", names);
    }

    /** The verbs whose first parameter is a queue, or several, as patterns of a case. */
    private static String verbs(CommandLine command, Predicate<PositionalParamSpec> kind, String suffix) {
        return command.getSubcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(verb -> verb.positionalParameters().stream()
                        .findFirst()
                        .filter(first -> first.paramLabel().contains("QUEUE"))
                        .filter(kind)
                        .isPresent())
                .map(verb -> verb.name() + suffix)
                .sorted()
                .collect(Collectors.joining(" | "));
    }
}
