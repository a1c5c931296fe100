package lemma.plot;

/** Counts of values in bins. */
final class Histogram {
    private Histogram() {}

    static Layer.Bars of(String name, double[] values, int bins, boolean log, Style style) {
        if (bins < 1) throw new IllegalArgumentException("Figure.histogram: bins is " + bins + ", expected at least 1");
        if (values.length == 0) throw new IllegalArgumentException("Figure.histogram: \"" + name + "\" has no values");
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) throw new IllegalArgumentException("Figure.histogram: \"%s\" has %s at index %d; drop it first".formatted(name, values[i], i));
            if (log && values[i] <= 0) throw new IllegalArgumentException("Figure.histogram: \"%s\" has %s at index %d, but the x axis is logarithmic".formatted(name, values[i], i));
        }
        Scale scale = Axis.PLAIN.log(log).scale(Extent.of(values), 0, 0, 0, bins);
        double[] left = new double[bins];
        double[] right = new double[bins];
        double[] counts = new double[bins];
        for (int k = 0; k < bins; k++) {
            left[k] = scale.invert(k);
            right[k] = scale.invert(k + 1);
        }
        for (double v : values) counts[Math.clamp((int) Math.floor(scale.at(v)), 0, bins - 1)]++;
        return new Layer.Bars(name, left, right, counts, null, false, style);
    }
}
