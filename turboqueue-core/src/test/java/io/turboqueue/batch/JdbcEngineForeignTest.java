package io.turboqueue.batch;

class JdbcEngineForeignTest extends ForeignBatchContract {

    JdbcEngineForeignTest() {
        super(JdbcEngine::new);
    }
}
