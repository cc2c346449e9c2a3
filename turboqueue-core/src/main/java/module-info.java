/** A durable queue in a folder: each batch of messages is one SQLite file, handed over by rename. */
module io.turboqueue {
    requires transitive com.fasterxml.jackson.databind;
    requires com.zaxxer.hikari;
    requires java.sql;
    requires org.slf4j;
    requires org.xerial.sqlitejdbc;
    requires static transitive org.jspecify;

    exports io.turboqueue;
    exports io.turboqueue.inspect;
}
