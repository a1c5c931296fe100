package lemma.scaling;

/**
 * A parameter of a {@link Law}: its bounds, the coordinate in which it is fitted, and where a fit may start.
 *
 * @param name as the papers write it
 * @param lower least value allowed, may be minus infinity
 * @param upper largest value allowed, may be infinity
 * @param logarithmic fitted as its logarithm, for parameters that are positive and span decades; {@code lower} is then 0
 * @param startLow least value a fit starts from
 * @param startHigh largest value a fit starts from
 */
public record Parameter(String name, double lower, double upper, boolean logarithmic, double startLow, double startHigh) {
    public Parameter {
        if (!(lower < upper)) throw new IllegalArgumentException("Parameter: " + name + " has bounds [" + lower + ", " + upper + "], expected lower < upper");
        if (logarithmic && lower != 0) throw new IllegalArgumentException("Parameter: " + name + " is fitted as a logarithm, so its lower bound is 0, not " + lower);
        if (!(startLow >= lower && startLow < startHigh && startHigh <= upper && Double.isFinite(startHigh - startLow)) || logarithmic && startLow == 0) {
            throw new IllegalArgumentException("Parameter: " + name + " starts in [" + startLow + ", " + startHigh + "], expected an interval within its bounds [" + lower + ", " + upper + "]"
                    + (logarithmic ? " and above 0, for it is fitted as a logarithm" : ""));
        }
    }

    /** A parameter between bounds, fitted as it is; starts come from its bounds, or within 2 of the finite one or of 0. */
    public static Parameter between(String name, double lower, double upper) {
        double low = Double.isFinite(lower) ? lower : Double.isFinite(upper) ? upper - 2 : -2;
        double high = Double.isFinite(upper) ? upper : low + (Double.isFinite(lower) ? 2 : 4);
        return new Parameter(name, lower, upper, false, low, high);
    }

    /** A positive parameter, fitted as its logarithm; starts come from 1e-3 to 1e3. */
    public static Parameter positive(String name) {
        return new Parameter(name, 0, Double.POSITIVE_INFINITY, true, 1e-3, 1e3);
    }

    /** The same parameter with starts between two values within its bounds. */
    public Parameter startingIn(double low, double high) {
        return new Parameter(name, lower, upper, logarithmic, low, high);
    }

    double value(double coordinate) {
        return logarithmic ? Math.exp(coordinate) : coordinate;
    }

    double coordinate(double value) {
        return logarithmic ? Math.log(value) : value;
    }

    /** The starting coordinate at {@code part} of the way, 0 to 1. */
    double start(double part) {
        double low = coordinate(startLow);
        return low + part * (coordinate(startHigh) - low);
    }

    /** The coordinate within the bounds that is nearest to {@code coordinate}. */
    double nearest(double coordinate) {
        if (logarithmic) return upper == Double.POSITIVE_INFINITY ? coordinate : Math.min(Math.log(upper), coordinate);
        return Math.max(lower, Math.min(upper, coordinate));
    }
}
