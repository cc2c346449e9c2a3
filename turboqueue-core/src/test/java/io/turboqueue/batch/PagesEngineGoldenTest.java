package io.turboqueue.batch;

class PagesEngineGoldenTest extends GoldenBatchContract {

    PagesEngineGoldenTest() {
        super(PagesEngine::new);
    }
}
