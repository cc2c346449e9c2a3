package io.turboqueue.examples.kafka;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Which offsets of one partition are written, and how that is spread over records of the ledger, so that each stays small
 * however many gaps there are and a commit writes few of them.
 *
 * <p>The base record holds the first runs, up to an offset that only grows. What lies beyond is in records of their own,
 * one for each {@value #SECTION} offsets; once the base has come that far such a record is deleted. To read them, in any
 * order, is to add them all. Not thread-safe.
 */
final class WrittenOffsets {

    /** The name of the base record; the others have their number, from 0. */
    static final String BASE = "";

    private static final int SECTION = 16_384;

    /** The base takes in more until it has this many. */
    private static final int BASE_RUNS = 4_096;

    /** A record of this many characters is still far from a broker's default limit of a megabyte. */
    private static final int MAX = 800_000;

    private final OffsetRanges ranges;
    private final NavigableSet<Long> sections;
    private long baseEnd;

    WrittenOffsets() {
        this(new OffsetRanges(), new TreeSet<>(), -1);
    }

    private WrittenOffsets(OffsetRanges ranges, NavigableSet<Long> sections, long baseEnd) {
        this.ranges = ranges;
        this.sections = sections;
        this.baseEnd = baseEnd;
    }

    /** All of them, to be looked at. */
    OffsetRanges ranges() {
        return ranges;
    }

    /**
     * Takes in a record that was read.
     *
     * @param name which
     * @param text its value; null if it is deleted
     */
    void read(String name, @Nullable String text) {
        if (name.equals(BASE)) {
            if (text != null) {
                OffsetRanges base = OffsetRanges.parse(text);
                ranges.addAll(base);
                baseEnd = Math.max(baseEnd, base.endOfFirst(Integer.MAX_VALUE));
            }
        } else if (text == null) {
            sections.remove(Long.parseLong(name));
        } else {
            ranges.addAll(OffsetRanges.parse(text));
            sections.add(Long.parseLong(name));
        }
    }

    /** The same with more. */
    WrittenOffsets with(Collection<SourceOffset> more) {
        OffsetRanges all = ranges.copy();
        more.forEach(offset -> all.add(offset.first(), offset.offset()));
        return new WrittenOffsets(all, new TreeSet<>(sections), Math.max(baseEnd, all.endOfFirst(BASE_RUNS)));
    }

    /**
     * The records to write after {@link #with}, by name; null deletes one. They count as written from now on.
     *
     * @param more what was added
     * @throws PipelineException if a record would be too large
     */
    Map<String, @Nullable String> records(Collection<SourceOffset> more) throws PipelineException {
        Map<String, @Nullable String> records = new LinkedHashMap<>();
        records.put(BASE, bounded(ranges.within(0, baseEnd)));
        sections.headSet(section(baseEnd + 1)).forEach(covered -> records.put(Long.toString(covered), null));
        sections.headSet(section(baseEnd + 1)).clear();
        TreeSet<Long> touched = new TreeSet<>();
        for (SourceOffset offset : more) {
            if (offset.offset() > baseEnd) {
                long first = Math.max(offset.first(), baseEnd + 1);
                LongStream.rangeClosed(section(first), section(offset.offset())).forEach(touched::add);
            }
        }
        for (long section : touched) {
            long first = section * SECTION;
            records.put(Long.toString(section), bounded(ranges.within(first, first + SECTION - 1)));
        }
        sections.addAll(touched);
        return records;
    }

    private static long section(long offset) {
        return offset / SECTION;
    }

    private static String bounded(OffsetRanges ranges) throws PipelineException {
        String text = ranges.text();
        if (text.length() > MAX) {
            throw new PipelineException("the ledger cannot note " + ranges.size() + " runs of offsets between gaps: "
                    + "redrive the dead letters that make the gaps, or give out.ledgerTopic a new name");
        }
        return text;
    }
}
