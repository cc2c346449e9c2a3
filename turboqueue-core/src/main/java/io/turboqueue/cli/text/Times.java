package io.turboqueue.cli.text;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Points in time for people.
 *
 * @param zone the zone they are shown in
 */
public record Times(ZoneId zone) {

    private static final DateTimeFormatter PLAIN = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    /** To the second. */
    public String format(Instant time) {
        return PLAIN.format(time.atZone(zone));
    }
}
