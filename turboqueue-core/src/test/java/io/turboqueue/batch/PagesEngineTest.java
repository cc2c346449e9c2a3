package io.turboqueue.batch;

class PagesEngineTest extends BatchEngineContract {

    PagesEngineTest() {
        super(PagesEngine::new);
    }
}
