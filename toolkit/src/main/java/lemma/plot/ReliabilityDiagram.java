package lemma.plot;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import lemma.loss.Reliability;

/**
 * A reliability diagram: the observed frequency of each bin over its mean forecast with its 95 % Wilson interval, and the diagonal of perfect calibration.
 *
 * <pre>{@code
 * ReliabilityDiagram.of("Digits").with("net", before).with("after temperature scaling", after).figure()
 * }</pre>
 *
 * @see <a href="https://doi.org/10.1145/1102351.1102430">Niculescu-Mizil, Caruana (2005), Predicting good probabilities with supervised learning</a>
 */
public record ReliabilityDiagram(String title, Map<String, Reliability> curves) {
    private static final double Z = 1.959963984540054; // of a two-sided 95 % interval

    public ReliabilityDiagram {
        curves = new LinkedHashMap<>(curves);
    }

    /** Without curves yet. */
    public static ReliabilityDiagram of(String title) {
        return new ReliabilityDiagram(title, Map.of());
    }

    /** With one more curve; its name in the legend gets the expected calibration error. */
    public ReliabilityDiagram with(String name, Reliability reliability) {
        Map<String, Reliability> more = new LinkedHashMap<>(curves);
        if (more.put(name, reliability) != null) throw new IllegalArgumentException("ReliabilityDiagram: \"" + name + "\" stands twice");
        return new ReliabilityDiagram(title, more);
    }

    /** The figure; bins without cases are left out. */
    public Figure figure() {
        Figure figure = Figure.of(title).x("forecast").y("observed frequency").xRange(0, 1).yRange(0, 1);
        figure = figure.line("perfect", new double[] {0, 1}, new double[] {0, 1}).dashed();
        int color = 0;
        for (Map.Entry<String, Reliability> curve : curves.entrySet()) {
            Reliability r = curve.getValue();
            int[] bins = IntStream.range(0, r.count().length).filter(b -> r.count()[b] > 0).toArray();
            double[] forecast = Arrays.stream(bins).mapToDouble(b -> r.forecast()[b]).toArray();
            double[] observed = Arrays.stream(bins).mapToDouble(b -> r.observed()[b]).toArray();
            double[] low = Arrays.stream(bins).mapToDouble(b -> wilson(r.observed()[b], r.count()[b], -1)).toArray();
            double[] high = Arrays.stream(bins).mapToDouble(b -> wilson(r.observed()[b], r.count()[b], 1)).toArray();
            String name = String.format("%s, ECE %.1f %%", curve.getKey(), 100 * r.expectedError());
            figure = figure.errorBars(name, forecast, observed, low, high).color(color);
            figure = figure.line("", forecast, observed).color(color++);
        }
        return figure;
    }

    /** A bound of the Wilson interval of a share of n cases. */
    static double wilson(double share, long n, int side) {
        double centre = share + Z * Z / (2 * n);
        double half = Z * Math.sqrt(share * (1 - share) / n + Z * Z / (4.0 * n * n));
        return Math.clamp((centre + side * half) / (1 + Z * Z / n), 0, 1);
    }
}
