package io.turboqueue.examples.torture;

import java.util.List;

/** Where {@code scripts/torture --controls} finds them. */
public final class WrongVariants implements Control.Source {
    @Override
    public List<? extends Control> controls() {
        return List.of(WrongVariant.values());
    }
}
