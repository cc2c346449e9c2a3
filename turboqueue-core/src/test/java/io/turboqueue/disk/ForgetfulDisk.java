package io.turboqueue.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** A disk that leaves out some kinds of operations, those without a result, and says that they were done. */
public final class ForgetfulDisk extends SteppedDisk {

    private final Set<Step> forgotten;

    /** The real disk without syncs: quick, and no test that cuts no power sees a difference. */
    public static Disk withoutSyncs() {
        return new ForgetfulDisk(new LocalDisk(), Step.SYNC, Step.SYNC_FOLDER);
    }

    public ForgetfulDisk(Disk disk, Step... forgotten) {
        super(disk);
        this.forgotten = Set.of(forgotten);
    }

    @Override
    protected void step(Step step, Path path, Work work) throws IOException {
        if (!forgotten.contains(step)) {
            work.run();
        }
    }
}
