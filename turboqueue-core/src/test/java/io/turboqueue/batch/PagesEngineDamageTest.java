package io.turboqueue.batch;

class PagesEngineDamageTest extends BatchDamageContract {

    PagesEngineDamageTest() {
        super(PagesEngine::new);
    }
}
