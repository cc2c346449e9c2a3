package io.turboqueue.batch;

import io.turboqueue.batch.jdbc.JdbcEngine;
import io.turboqueue.disk.LocalDisk;
import java.io.IOException;
import java.nio.file.Path;

/** A process whose folder for native libraries cannot be used. */
public final class EngineWithoutTemp {

    private EngineWithoutTemp() {}

    public static void main(String[] arguments) throws Exception {
        System.setProperty("org.sqlite.tmpdir", arguments[0]);
        try (BatchEngine engine = new JdbcEngine(new LocalDisk());
                BatchWriter writer = engine.writer(Path.of(arguments[1]))) {
            writer.add(new StoredMessage(0, null, null, new byte[10], false));
            System.out.println(seal(writer));
            System.out.println(seal(writer));
        }
    }

    private static String seal(BatchWriter writer) {
        try {
            return "sealed " + writer.seal(false).rows();
        } catch (IOException | RuntimeException failed) {
            return failed.getClass().getName() + " with " + writer.rows() + " message kept: " + failed.getMessage();
        }
    }
}
