package io.turboqueue.batch;

class JdbcEngineGoldenTest extends GoldenBatchContract {

    JdbcEngineGoldenTest() {
        super(JdbcEngine::new);
    }
}
