package lemma.scaling;

/**
 * A parameter of a {@link Law}: its bounds, and the coordinate in which it is fitted.
 *
 * @param name as the papers write it
 * @param lower least value allowed, may be minus infinity
 * @param upper largest value allowed, may be infinity
 * @param logarithmic fitted as its logarithm, for parameters that are positive and span decades; {@code lower} is then 0
 */
public record Parameter(String name, double lower, double upper, boolean logarithmic) {
    public Parameter {
        if (!(lower < upper)) throw new IllegalArgumentException("Parameter: " + name + " has bounds [" + lower + ", " + upper + "], expected lower < upper");
        if (logarithmic && lower != 0) throw new IllegalArgumentException("Parameter: " + name + " is fitted as a logarithm, so its lower bound is 0, not " + lower);
    }

    /** A parameter between bounds, fitted as it is. */
    public static Parameter between(String name, double lower, double upper) {
        return new Parameter(name, lower, upper, false);
    }

    /** A positive parameter, fitted as its logarithm. */
    public static Parameter positive(String name) {
        return new Parameter(name, 0, Double.POSITIVE_INFINITY, true);
    }

    double value(double coordinate) {
        return logarithmic ? Math.exp(coordinate) : coordinate;
    }

    double coordinate(double value) {
        return logarithmic ? Math.log(value) : value;
    }

    /** The coordinate within the bounds that is nearest to {@code coordinate}. */
    double nearest(double coordinate) {
        return logarithmic ? coordinate : Math.max(lower, Math.min(upper, coordinate));
    }
}
