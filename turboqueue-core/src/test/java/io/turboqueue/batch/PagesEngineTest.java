package io.turboqueue.batch;

import io.turboqueue.batch.pages.PagesEngine;

class PagesEngineTest extends BatchEngineContract {

    PagesEngineTest() {
        super(PagesEngine::new);
    }
}
