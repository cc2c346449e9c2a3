package io.turboqueue.cli.support;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The choice between text and JSON, for verbs that show things. */
public final class Format {

    @ArgGroup
    @Nullable
    private Choice choice;

    private static final class Choice {
        @Option(names = "--json", description = "Print one JSON document.")
        private boolean json;

        @Option(names = "--ndjson", description = "Print a JSON object a line.")
        private boolean ndjson;
    }

    /** One document. */
    public boolean json() {
        return choice != null && choice.json;
    }

    /** A line each. */
    public boolean ndjson() {
        return choice != null && choice.ndjson;
    }

    /** Neither. */
    public boolean text() {
        return choice == null;
    }
}
