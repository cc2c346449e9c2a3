package io.turboqueue.cli.text;

import java.util.ArrayList;
import java.util.List;

/** Lines that fit on a screen, broken between words only. Pure functions. */
public final class Wrap {

    private Wrap() {}

    /** The text in lines of at most that many characters; a word that is longer has a line of its own. */
    public static List<String> words(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (line.length() > 0 && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() == 0 ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    /** How long the longest word is. */
    public static int longestWord(String text) {
        int longest = 0;
        for (String word : text.split(" ", -1)) {
            longest = Math.max(longest, word.length());
        }
        return longest;
    }
}
