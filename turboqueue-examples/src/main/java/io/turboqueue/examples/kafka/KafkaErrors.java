package io.turboqueue.examples.kafka;

import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** What an error of Kafka's means for the pipeline. Pure functions. */
final class KafkaErrors {

    /** What to do about an error. */
    enum Kind {
        /** This record will never be taken: a dead letter. */
        RECORD,
        /** It failed with another record of its request, which is the one at fault. */
        BYSTANDER,
        /** Nobody's fault and likely to pass: try again. */
        PASSING,
        /** No record will be taken until somebody has changed something: stop and say so. */
        STOP
    }

    private KafkaErrors() {}

    static Kind of(Throwable error) {
        if (error instanceof RecordTooLargeException
                || error instanceof RecordBatchTooLargeException
                || error instanceof InvalidRecordException
                || error instanceof InvalidTimestampException
                || error instanceof SerializationException) {
            return Kind.RECORD;
        }
        if (error instanceof AuthorizationException
                || error instanceof AuthenticationException
                || error instanceof InvalidTopicException
                || error instanceof ProducerFencedException
                || error instanceof UnsupportedVersionException) {
            return Kind.STOP;
        }
        if (error instanceof TransactionAbortedException || error.getClass() == KafkaException.class) {
            return Kind.BYSTANDER;
        }
        return Kind.PASSING;
    }

    /** Whether a transaction's error, or what it was caused by, will be there at the next try too. */
    static boolean stopsTransactions(Throwable error) {
        for (Throwable e = error; e != null; e = e.getCause()) {
            Kind kind = of(e);
            if (kind == Kind.STOP || kind == Kind.RECORD) {
                return true;
            }
        }
        return false;
    }

    /** An error's words, those of its causes included, in one line. */
    static String sentence(Throwable error) {
        StringBuilder words = new StringBuilder();
        for (Throwable e = error; e != null; e = e.getCause()) {
            String message = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
            if (words.indexOf(message) < 0) {
                words.append(words.length() == 0 ? "" : ": ").append(message);
            }
        }
        return error.getClass().getSimpleName() + ": " + words;
    }
}
