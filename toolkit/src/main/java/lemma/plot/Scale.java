package lemma.plot;

/**
 * The map from data to points of the figure: {@code at(v) = from + (to - from) * (t(v) - t(lo)) / (t(hi) - t(lo))} with
 * {@code t} the identity or log10. {@code lo > hi} is a reversed axis.
 */
record Scale(boolean log, double lo, double hi, double from, double to) {
    double at(double value) {
        return from + (to - from) * fraction(value);
    }

    /** Where {@code value} lies between {@code lo} (0) and {@code hi} (1). */
    double fraction(double value) {
        if (log) return Math.log10(value / lo) / Math.log10(hi / lo);
        return (value - lo) / (hi - lo);
    }

    /** The value drawn at {@code position}. */
    double invert(double position) {
        double t = (position - from) / (to - from);
        return log ? lo * Math.pow(hi / lo, t) : lo + t * (hi - lo);
    }

    boolean contains(double value) {
        return value >= Math.min(lo, hi) && value <= Math.max(lo, hi);
    }

    double min() {
        return Math.min(lo, hi);
    }

    double max() {
        return Math.max(lo, hi);
    }
}
