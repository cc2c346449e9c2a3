package io.turboqueue.inspect;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A snapshot of a spool with the rates since earlier ones. Immutable.
 *
 * @param snapshot what is in the spool
 * @param rates the rates of each queue that could be listed, by its name; all 0 in the first sample
 */
public record SpoolSample(SpoolSnapshot snapshot, Map<String, FlowRates> rates) {

    /**
     * Copies the map.
     *
     * @param snapshot what is in the spool
     * @param rates the rates of each queue
     */
    public SpoolSample {
        rates = Collections.unmodifiableMap(new LinkedHashMap<>(rates));
    }
}
