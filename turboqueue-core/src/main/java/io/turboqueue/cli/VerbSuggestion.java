package io.turboqueue.cli;

import io.turboqueue.text.NearestWord;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What somebody meant who typed a verb that is none. Pure functions. */
final class VerbSuggestion {

    /** The words of other queues and of shells. */
    private static final Map<String, String> SYNONYMS = new HashMap<>();

    static {
        put("ls", "list", "dir", "batches", "ll");
        put("stats", "status", "stat", "info", "queues", "top");
        put("show", "inspect", "describe", "print");
        put("peek", "head", "next", "view");
        put("cat", "dump", "messages");
        put("tail", "follow", "log");
        put("sql", "query", "select");
        put("verify", "check", "fsck", "validate");
        put("config", "settings", "configuration");
        put("send", "put", "push", "publish", "produce", "enqueue", "add", "write");
        put("receive", "get", "pop", "consume", "dequeue", "poll", "read", "work", "take");
        put("redrive", "retry", "requeue", "resend", "replay");
        put("pause", "stop", "suspend");
        put("resume", "start", "continue", "unpause");
        put("release", "unhold");
        put("move", "mv", "rename");
        put("purge", "delete", "rm", "clear", "empty");
        put("drop", "remove", "rmdir");
        put("salvage", "repair", "fix", "restore");
        put("export", "backup");
    }

    /** Two letters that changed places are two changes. */
    private static final int MAX_CHANGES = 2;

    private VerbSuggestion() {}

    private static void put(String verb, String... words) {
        for (String word : words) {
            SYNONYMS.put(word, verb);
        }
    }

    /** The verb that was meant; nothing if none is near. */
    static Optional<String> of(String typed, Collection<String> verbs) {
        String word = typed.toLowerCase(Locale.ROOT);
        String synonym = SYNONYMS.get(word);
        if (synonym != null) {
            return Optional.of(synonym);
        }
        String nearest = NearestWord.to(word, verbs);
        int changes = NearestWord.changes(word, nearest);
        return changes <= MAX_CHANGES && changes < nearest.length() ? Optional.of(nearest) : Optional.empty();
    }
}
