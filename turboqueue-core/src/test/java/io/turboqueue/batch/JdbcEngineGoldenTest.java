package io.turboqueue.batch;

import io.turboqueue.batch.jdbc.JdbcEngine;

class JdbcEngineGoldenTest extends GoldenBatchContract {

    JdbcEngineGoldenTest() {
        super(JdbcEngine::new);
    }
}
