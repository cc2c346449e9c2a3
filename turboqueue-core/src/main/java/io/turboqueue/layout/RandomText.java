package io.turboqueue.layout;

import java.security.SecureRandom;

/** Random ids for file names: 5 bits a character, no two that look alike. */
public final class RandomText {

    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final SecureRandom RANDOM = new SecureRandom();

    private RandomText() {}

    /** That many random characters of {@code [0-9a-z]}. */
    public static String of(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }
}
