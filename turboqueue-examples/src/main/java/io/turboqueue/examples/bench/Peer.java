package io.turboqueue.examples.bench;

import io.turboqueue.Durability;
import io.turboqueue.Engine;
import io.turboqueue.QueueConfig;
import io.turboqueue.batch.JdbcEngine;
import io.turboqueue.batch.PagesEngine;
import io.turboqueue.io.LocalDisk;
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
    Contestant open(Path folder) throws Exception {
        return switch (this) {
            case QUEUE -> new QueueContestant(folder, QueueConfig.builder(), false);
            case QUEUE_VIEWS -> new QueueContestant(folder, QueueConfig.builder(), true);
            case QUEUE_JDBC -> new QueueContestant(folder, QueueConfig.builder().engine(Engine.JDBC), false);
            case QUEUE_POWER ->
                new QueueContestant(folder, QueueConfig.builder().durability(Durability.POWER), false);
            case ENGINE -> new EngineContestant(new PagesEngine(new LocalDisk()), folder, false);
            case ENGINE_REUSING -> new EngineContestant(new PagesEngine(new LocalDisk()), folder, true);
            case ENGINE_JDBC -> new EngineContestant(new JdbcEngine(new LocalDisk()), folder, false);
            case FLOOR -> new FloorContestant(folder, false);
            case FLOOR_OVERWRITING -> new FloorContestant(folder, true);
            case CHRONICLE -> new ChronicleContestant(folder);
            case TABLE -> new TableContestant(folder);
            case REDIS -> new RedisContestant(folder);
            case TAPE -> new TapeContestant(folder);
            case MEMORY -> new MemoryContestant();
        };
    }

    List<String> jvmFlags() {
        return this == CHRONICLE ? ChronicleContestant.JVM_FLAGS : List.of();
    }
}
