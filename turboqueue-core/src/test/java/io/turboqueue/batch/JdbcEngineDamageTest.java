package io.turboqueue.batch;

import io.turboqueue.batch.jdbc.JdbcEngine;

class JdbcEngineDamageTest extends BatchDamageContract {

    JdbcEngineDamageTest() {
        super(JdbcEngine::new);
    }
}
