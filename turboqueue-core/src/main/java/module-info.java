/** A durable queue in a folder: each batch of messages is one SQLite file, handed over by rename. */
module io.turboqueue {
    requires transitive com.fasterxml.jackson.databind;
    requires com.fasterxml.jackson.datatype.jdk8;
    requires com.fasterxml.jackson.datatype.jsr310;
    requires com.zaxxer.hikari;
    requires java.sql;
    requires org.slf4j;
    requires org.xerial.sqlitejdbc;
    requires static info.picocli;
    requires static me.tongfei.progressbar;
    requires static org.jspecify;

    exports io.turboqueue;
    exports io.turboqueue.inspect;

    // the command reads options off its verbs
    opens io.turboqueue.cli to
            info.picocli;
    opens io.turboqueue.cli.support to
            info.picocli;
    opens io.turboqueue.cli.inspect to
            info.picocli;
    opens io.turboqueue.cli.messaging to
            info.picocli;
    opens io.turboqueue.cli.admin to
            info.picocli;
}
