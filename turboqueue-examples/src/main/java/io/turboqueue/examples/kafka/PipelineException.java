package io.turboqueue.examples.kafka;

/** The pipeline, or one of its processes, cannot continue. The message is a sentence for the person who runs it. */
final class PipelineException extends Exception {

    private static final long serialVersionUID = 1;

    PipelineException(String message) {
        super(message);
    }

    PipelineException(String message, Throwable cause) {
        super(message, cause);
    }
}
