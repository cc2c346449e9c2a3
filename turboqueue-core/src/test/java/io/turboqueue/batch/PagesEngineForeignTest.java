package io.turboqueue.batch;

import io.turboqueue.batch.pages.PagesEngine;

class PagesEngineForeignTest extends ForeignBatchContract {

    PagesEngineForeignTest() {
        super(PagesEngine::new);
    }
}
