package io.turboqueue.batch;

import io.turboqueue.batch.pages.PagesEngine;

class PagesEngineDamageTest extends BatchDamageContract {

    PagesEngineDamageTest() {
        super(PagesEngine::new);
    }
}
