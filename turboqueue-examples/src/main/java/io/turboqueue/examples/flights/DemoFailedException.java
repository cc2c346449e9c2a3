package io.turboqueue.examples.flights;

/** The demo cannot come to its end. The message is a sentence for the person who ran it. */
final class DemoFailedException extends Exception {

    private static final long serialVersionUID = 1;

    DemoFailedException(String message) {
        super(message);
    }
}
