package io.turboqueue.batch;

import io.turboqueue.batch.pages.PagesEngine;

class PagesEngineGoldenTest extends GoldenBatchContract {

    PagesEngineGoldenTest() {
        super(PagesEngine::new);
    }
}
