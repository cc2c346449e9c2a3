package io.turboqueue.examples.kafka;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The command line of the pipeline. What is a setting is checked with the settings. */
@Command(
        name = "kafka-pipeline",
        sortOptions = false,
        sortSynopsis = false,
        description = {
            "Kafka in, work on every core of this host, Kafka out. Runs until it is told to stop (SIGTERM, Ctrl-C); with"
                    + " --demo on a broker of its own, until all flights are worked on and checked.",
            ""
        },
        footer = {
            "",
            "Settings: a JSON file, as {\"in\": {\"topic\": \"flights\"}}. doc/kafka-pipeline.md lists them.",
            "Exit status: 0 stopped in order, verified, or nothing found by --check; 1 failed; 2 bad flag or setting;"
                    + " 130 interrupted demo."
        })
final class PipelineOptions {

    static final String DEFAULT_MESSAGES = "250000";

    private static final int MAX_MESSAGES = 1_000_000_000;

    @Option(names = "--settings", paramLabel = "FILE", description = "The settings.")
    @Nullable
    Path settings;

    @Option(names = "--bootstrap", paramLabel = "HOST:PORT", description = "The cluster: setting kafka.bootstrap.")
    @Nullable
    String bootstrap;

    @Option(
            names = "--properties",
            paramLabel = "FILE",
            description = "Kafka client properties, for TLS and SASL: setting kafka.properties.")
    @Nullable
    String properties;

    @Option(names = "--workers", paramLabel = "N", description = "Worker processes: setting work.processes.")
    @Nullable
    String workers;

    @Option(names = "--work-class", paramLabel = "CLASS", description = "The work: setting work.class.")
    @Nullable
    String workClass;

    @Option(
            names = "--work-class-path",
            paramLabel = "JARS",
            description = "Its jars, as for java -cp: setting work.classPath.")
    @Nullable
    String workClassPath;

    @Option(names = "--transactions", description = "Each event once for read-committed consumers: out.transactions.")
    boolean transactions;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Any setting; wins over the file. May be repeated.")
    Map<String, String> more = new LinkedHashMap<>();

    @Option(
            names = "--check",
            description = "Look whether brokers, topics, rights, spool and work are as they must be; start nothing.")
    boolean check;

    @Option(
            names = "--demo",
            description = "Start a broker, load the flights, run the pipeline over them, check the results.")
    boolean demo;

    @Option(
            names = "--messages",
            paramLabel = "N",
            defaultValue = DEFAULT_MESSAGES,
            description = "Flights in the demo. Default: ${DEFAULT-VALUE}.")
    int messages;

    @Option(names = "--json", description = "With --demo: one line of JSON at the end, all else to standard error.")
    boolean json;

    @Option(names = "--help", usageHelp = true, description = "Print this and exit.")
    boolean help;

    /** Refuses values that are not allowed. */
    void check(CommandLine commandLine) {
        if (check && demo) {
            throw new ParameterException(commandLine, "--check and --demo are not allowed together");
        }
        if (messages < 1 || messages > MAX_MESSAGES) {
            throw new ParameterException(
                    commandLine, "--messages=" + messages + " is not allowed: it must be from 1 to " + MAX_MESSAGES);
        }
    }

    /** The settings that flags give. */
    Map<String, String> flags() {
        Map<String, String> flags = new LinkedHashMap<>(more);
        put(flags, PipelineSetting.BOOTSTRAP, bootstrap);
        put(flags, PipelineSetting.PROPERTIES, properties);
        put(flags, PipelineSetting.WORK_PROCESSES, workers);
        put(flags, PipelineSetting.WORK_CLASS, workClass);
        put(flags, PipelineSetting.WORK_CLASS_PATH, workClassPath);
        if (transactions) {
            put(flags, PipelineSetting.TRANSACTIONS, "true");
        }
        return flags;
    }

    private static void put(Map<String, String> flags, PipelineSetting setting, @Nullable String text) {
        if (text != null) {
            flags.put(setting.key(), text);
        }
    }
}
