package lemma.plot;

/** The smallest and largest of the finite values seen; {@code lo > hi} when none was. */
record Extent(double lo, double hi) {
    static final Extent NONE = new Extent(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);

    static Extent of(double... values) {
        double lo = Double.POSITIVE_INFINITY;
        double hi = Double.NEGATIVE_INFINITY;
        for (double v : values) {
            if (!Double.isFinite(v)) continue;
            lo = Math.min(lo, v);
            hi = Math.max(hi, v);
        }
        return new Extent(lo, hi);
    }

    boolean isEmpty() {
        return lo > hi;
    }

    Extent and(Extent other) {
        return new Extent(Math.min(lo, other.lo), Math.max(hi, other.hi));
    }
}
