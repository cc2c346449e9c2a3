package io.turboqueue.cli.inspect;

import io.turboqueue.cli.text.Json;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that was looked at, and how it is.
 *
 * @param grade how good
 * @param about the queue, or another thing
 * @param text what was found, and what would help if it is bad
 */
record Finding(Grade grade, String about, String text) {

    /** How good, worse last. */
    enum Grade {
        OK,
        WARNING,
        CRITICAL;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Finding ok(String about, String text) {
        return new Finding(Grade.OK, about, text);
    }

    static Finding warning(String about, String text) {
        return new Finding(Grade.WARNING, about, text);
    }

    static Finding critical(String about, String text) {
        return new Finding(Grade.CRITICAL, about, text);
    }

    static Grade worst(Iterable<Finding> findings) {
        Grade worst = Grade.OK;
        for (Finding finding : findings) {
            worst = finding.grade.compareTo(worst) > 0 ? finding.grade : worst;
        }
        return worst;
    }

    Map<String, @Nullable Object> json() {
        return Json.object("grade", grade.word(), "about", about, "text", text);
    }
}
