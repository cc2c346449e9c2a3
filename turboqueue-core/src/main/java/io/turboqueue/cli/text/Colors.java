package io.turboqueue.cli.text;

/**
 * Colours for a terminal, or none.
 *
 * @param on whether to paint
 */
public record Colors(boolean on) {

    /** As a heading. */
    public String heading(String text) {
        return paint("1", text);
    }

    /** What is fine. */
    public String good(String text) {
        return paint("32", text);
    }

    /** What somebody should look at. */
    public String warning(String text) {
        return paint("33", text);
    }

    /** What is wrong. */
    public String bad(String text) {
        return paint("31", text);
    }

    private String paint(String code, String text) {
        return on ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
