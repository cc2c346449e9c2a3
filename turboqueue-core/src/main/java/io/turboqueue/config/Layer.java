package io.turboqueue.config;

/** Where settings can be set, from the outermost to the nearest to the code; the nearest that sets one wins. */
public enum Layer {
    DEFAULT,
    SPOOL_FILE,
    QUEUE_FILE,
    ENVIRONMENT,
    PROPERTY,
    BUILDER
}
