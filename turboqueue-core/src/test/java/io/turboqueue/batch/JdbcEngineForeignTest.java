package io.turboqueue.batch;

import io.turboqueue.batch.jdbc.JdbcEngine;

class JdbcEngineForeignTest extends ForeignBatchContract {

    JdbcEngineForeignTest() {
        super(JdbcEngine::new);
    }
}
