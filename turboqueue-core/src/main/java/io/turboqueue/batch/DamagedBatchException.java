package io.turboqueue.batch;

import java.io.IOException;

/** The file itself is at fault, whoever reads it and however often. */
public final class DamagedBatchException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Damage damage;

    /** Says what is wrong and how it showed; what the message quotes from the file cannot forge a line of a log. */
    public DamagedBatchException(Damage damage, String message) {
        super(message.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?"));
        this.damage = damage;
    }

    /** What is wrong with the file. */
    public Damage damage() {
        return damage;
    }
}
