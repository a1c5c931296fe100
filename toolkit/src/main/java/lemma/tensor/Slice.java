package lemma.tensor;

/** What to take of one axis, as Python's indexing writes it. */
public sealed interface Slice {
    /** One index; the axis goes away. */
    static Slice at(int index) {
        return new At(index);
    }

    /** The whole axis. */
    static Slice all() {
        return Range.ALL;
    }

    /** {@code from} to {@code to}, which is excluded; negative counts from the end. */
    static Slice range(int from, int to) {
        return new Range(from, to, 1);
    }

    /** {@code from} to the end. */
    static Slice from(int from) {
        return new Range(from, Integer.MAX_VALUE, 1);
    }

    /** Every {@code step}-th from {@code from} to {@code to}, which is excluded; step is positive. */
    static Slice range(int from, int to, int step) {
        return new Range(from, to, step);
    }

    /** A new axis of length 1. */
    static Slice newAxis() {
        return NewAxis.NEW;
    }

    /** One index. */
    record At(int index) implements Slice {}

    /** A range with a positive step. */
    record Range(int from, int to, int step) implements Slice {
        static final Range ALL = new Range(0, Integer.MAX_VALUE, 1);

        public Range {
            if (step < 1) throw new IllegalArgumentException("Slice: step " + step + ", expected at least 1; use flip to reverse");
        }
    }

    /** A new axis. */
    enum NewAxis implements Slice { NEW }
}
