package io.turboqueue.batch.jdbc;

import io.turboqueue.batch.BatchFormat;

/**
 * What SQLite says of a batch file.
 *
 * @param fileBytes the file's length
 * @param header what the database's header says
 * @param schema the table's SQL text
 * @param integrity {@code ok}, or what {@code PRAGMA integrity_check} found first
 */
public record BatchFileInfo(long fileBytes, Header header, String schema, String integrity) {

    /**
     * The header's fields.
     *
     * @param pageSize bytes per page
     * @param pages pages of the database
     * @param applicationId who wrote it; 0 for other programs
     * @param formatVersion the batch format's version; 0 for other programs
     */
    public record Header(int pageSize, long pages, int applicationId, int formatVersion) {

        /** Whether this library wrote it. */
        public boolean isOurs() {
            return applicationId == BatchFormat.APPLICATION_ID;
        }
    }

    /** Whether the structure is whole. */
    public boolean isWhole() {
        return integrity.equals("ok");
    }
}
