package io.turboqueue.batch;

class PagesEngineForeignTest extends ForeignBatchContract {

    PagesEngineForeignTest() {
        super(PagesEngine::new);
    }
}
