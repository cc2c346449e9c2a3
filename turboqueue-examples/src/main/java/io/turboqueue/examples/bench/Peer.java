package io.turboqueue.examples.bench;

import io.turboqueue.Durability;
import io.turboqueue.Engine;
import io.turboqueue.QueueConfig;
import io.turboqueue.batch.jdbc.JdbcEngine;
import io.turboqueue.batch.pages.PagesEngine;
import io.turboqueue.disk.LocalDisk;
import java.nio.file.Path;
import java.util.List;

/** Who takes part, and under which name in the report. */
enum Peer {
    QUEUE("TurboQueue"),
    QUEUE_VIEWS("TurboQueue, payloads not copied"),
    QUEUE_JDBC("TurboQueue, jdbc engine"),
    QUEUE_POWER("TurboQueue, durability POWER"),
    ENGINE("pages engine alone"),
    ENGINE_REUSING("pages engine alone, files reused"),
    ENGINE_JDBC("jdbc engine alone"),
    FLOOR("floor, new files"),
    FLOOR_OVERWRITING("floor, files overwritten"),
    CHRONICLE("Chronicle Queue"),
    TABLE("shared SQLite table"),
    TAPE("Tape"),
    REDIS("Redis list, pipelined"),
    MEMORY("LinkedBlockingQueue");

    private final String title;

    Peer(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** Makes the contestant, which works in a folder of its own. */
    Subject open(Path folder) throws Exception {
        return switch (this) {
            case QUEUE -> new QueueSubject(folder, QueueConfig.builder(), false);
            case QUEUE_VIEWS -> new QueueSubject(folder, QueueConfig.builder(), true);
            case QUEUE_JDBC -> new QueueSubject(folder, QueueConfig.builder().engine(Engine.JDBC), false);
            case QUEUE_POWER -> new QueueSubject(folder, QueueConfig.builder().durability(Durability.POWER), false);
            case ENGINE -> new EngineSubject(new PagesEngine(new LocalDisk()), folder, false);
            case ENGINE_REUSING -> new EngineSubject(new PagesEngine(new LocalDisk()), folder, true);
            case ENGINE_JDBC -> new EngineSubject(new JdbcEngine(new LocalDisk()), folder, false);
            case FLOOR -> new FloorSubject(folder, false);
            case FLOOR_OVERWRITING -> new FloorSubject(folder, true);
            case CHRONICLE -> new ChronicleSubject(folder);
            case TABLE -> new TableSubject(folder);
            case REDIS -> new RedisSubject(folder);
            case TAPE -> new TapeSubject(folder);
            case MEMORY -> new MemorySubject();
        };
    }

    List<String> jvmFlags() {
        return this == CHRONICLE ? ChronicleSubject.JVM_FLAGS : List.of();
    }
}
