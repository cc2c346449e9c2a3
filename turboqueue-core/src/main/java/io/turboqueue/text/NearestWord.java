package io.turboqueue.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Finds what somebody probably meant. Pure functions. */
public final class NearestWord {

    private static final int MAX = 100;

    private NearestWord() {}

    /** The known word with the fewest single-letter changes from the given one, capitals not counted. */
    public static String to(String word, Collection<String> known) {
        String given = word.length() > MAX ? word.substring(0, MAX) : word;
        return known.stream()
                .min(Comparator.comparingInt(candidate -> distance(lower(given), lower(candidate))))
                .orElseThrow();
    }

    /** How many single-letter changes make one word the other, capitals not counted. */
    public static int changes(String one, String other) {
        return distance(lower(one), lower(other));
    }

    private static String lower(String word) {
        return word.toLowerCase(Locale.ROOT);
    }

    /** Levenshtein's distance, one row at a time. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
