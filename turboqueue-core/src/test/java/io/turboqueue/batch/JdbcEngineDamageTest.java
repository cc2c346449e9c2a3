package io.turboqueue.batch;

class JdbcEngineDamageTest extends BatchDamageContract {

    JdbcEngineDamageTest() {
        super(JdbcEngine::new);
    }
}
