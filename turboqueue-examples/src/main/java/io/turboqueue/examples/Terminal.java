package io.turboqueue.examples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The terminal that standard error writes to.
 *
 * @param rows how many lines it shows
 * @param columns how many characters a line has; 0 if standard error is no terminal
 */
public record Terminal(int rows, int columns) {

    /** Not a terminal. */
    public static final Terminal NONE = new Terminal(0, 0);

    private static final Terminal USUAL = new Terminal(24, 80);
    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");
    private static final Pattern DEVICE = Pattern.compile("/dev/(pts/|tty).*");
    private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,3}) ([1-9][0-9]{0,3})\\s*");

    /** That of this process, as it is now. Found on Linux; elsewhere it is none. */
    public static Terminal ofStandardError() {
        try {
            Path device = Files.readSymbolicLink(STANDARD_ERROR);
            return DEVICE.matcher(device.toString()).matches() ? of(device) : NONE;
        } catch (IOException | UnsupportedOperationException unknown) {
            return NONE;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return NONE;
        }
    }

    private static Terminal of(Path device) throws IOException, InterruptedException {
        Process stty = new ProcessBuilder("stty", "size")
                .redirectInput(device.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        return stty.waitFor(1, TimeUnit.SECONDS) ? parse(answer) : USUAL;
    }

    /** From the answer of {@code stty size}, as {@code 24 80}. */
    static Terminal parse(String answer) {
        Matcher size = SIZE.matcher(answer);
        return size.matches() ? new Terminal(Integer.parseInt(size.group(1)), Integer.parseInt(size.group(2))) : USUAL;
    }

    /** Whether it is one. */
    public boolean isThere() {
        return columns > 0;
    }
}
