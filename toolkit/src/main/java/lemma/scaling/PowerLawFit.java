package lemma.scaling;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import lemma.display.Bundle;
import lemma.display.Rich;
import lemma.plot.Figure;
import lemma.stats.Interval;

/**
 * A learning curve {@code error = alpha m^beta}, or with {@link #withOffset()} {@code alpha m^beta + gamma}, fitted by nonlinear
 * least squares of the logarithms. Intervals come from resampled log residuals, since such curves have few sizes; the residuals
 * are taken as independent and of one spread.
 *
 * <pre>{@code
 * PowerLawFit fit = PowerLawFit.of(sizes, errors);
 * fit.beta(); fit.interval("beta", 0.95); fit.extrapolation(2);
 * }</pre>
 *
 * @see <a href="https://arxiv.org/abs/1712.00409">Hestness et al. (2017), Deep Learning Scaling is Predictable, Empirically</a>
 */
public final class PowerLawFit implements Rich {
    private final LawFitter fitter;
    private final double[] m;
    private final double[] error;
    private final ScalingFit fit;

    private PowerLawFit(LawFitter fitter, double[] m, double[] error) {
        this.fitter = fitter;
        this.m = m.clone();
        this.error = error.clone();
        this.fit = fitter.fit(error, m);
    }

    /**
     * The pure power law through points; a size may occur more than once, as with several seeds.
     *
     * @param m sizes, positive
     * @param error measured errors, positive
     * @throws IllegalArgumentException if lengths differ, a number is not positive and finite, or the points are too few
     */
    public static PowerLawFit of(double[] m, double[] error) {
        return new PowerLawFit(LawFitter.of(new PowerLaw()).withResampling(LawFitter.Resampling.RESIDUALS), m, error);
    }

    /** The same points with an irreducible error gamma; needs four points or more, of three sizes or more. */
    public PowerLawFit withOffset() {
        return with(fitter.withLaw(new PowerLawPlusConstant()));
    }

    /** The same fit with other settings of the bootstrap. */
    public PowerLawFit withBootstrap(int resamples, long seed) {
        return with(fitter.withResamples(resamples).withSeed(seed));
    }

    /** The same law through the points with {@code least <= m <= most}: the power-law regime. */
    public PowerLawFit between(double least, double most) {
        int[] kept = IntStream.range(0, m.length).filter(i -> least <= m[i] && m[i] <= most).toArray();
        return new PowerLawFit(fitter, at(m, kept), at(error, kept));
    }

    private PowerLawFit with(LawFitter other) {
        return new PowerLawFit(other, m, error);
    }

    public double alpha() {
        return fit.parameter("alpha");
    }

    /** The exponent, negative for a falling curve. */
    public double beta() {
        return fit.parameter("beta");
    }

    /** The irreducible error; 0 for the pure power law. */
    public double gamma() {
        return fit.parameters().getOrDefault("gamma", 0.0);
    }

    /** Share of the variance of {@code log error} that the law explains; NaN when all errors are equal. */
    public double rSquared() {
        return fit.rSquared();
    }

    /** Bootstrap interval of {@code alpha}, {@code beta} or {@code gamma}. */
    public Interval interval(String parameter, double level) {
        return fit.interval(parameter, level);
    }

    /** The fitted error at size {@code m}. */
    public double predict(double m) {
        return fit.predict(m);
    }

    /** The fit under its general face: residuals, warnings, bootstrap. */
    public ScalingFit scalingFit() {
        return fit;
    }

    /**
     * What the law, fitted without the largest sizes, says about them.
     *
     * @param fit the fit of the smaller sizes
     * @param m the sizes held out, ascending
     * @param measured mean measured error at each
     * @param predicted the fit at each
     */
    public record Extrapolation(PowerLawFit fit, double[] m, double[] measured, double[] predicted) {
        /** {@code predicted / measured - 1} at each size held out. */
        public double[] relativeErrors() {
            return IntStream.range(0, m.length).mapToDouble(i -> predicted[i] / measured[i] - 1).toArray();
        }

        /** The relative error at the largest size. */
        public double atLargest() {
            return relativeErrors()[m.length - 1];
        }

        /** Mean absolute relative error, as a fraction. */
        public double mape() {
            return Arrays.stream(relativeErrors()).map(Math::abs).average().orElseThrow();
        }

        /** Largest size over the largest size fitted. */
        public double reach() {
            return m[m.length - 1] / Arrays.stream(fit.m).max().orElseThrow();
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < m.length; i++) {
                text.append(String.format(Locale.ROOT, "m = %.6g: measured %.5g, predicted %.5g (%+.2f %%)%n", m[i], measured[i], predicted[i], 100 * relativeErrors()[i]));
            }
            return text.toString().stripTrailing();
        }
    }

    /**
     * Fits all but the {@code held} largest sizes and predicts those.
     *
     * @throws IllegalArgumentException if {@code held} is not positive, or the sizes left are too few to fit
     */
    public Extrapolation extrapolation(int held) {
        double[] sizes = Arrays.stream(m).distinct().sorted().toArray();
        if (held < 1 || held >= sizes.length) {
            throw new IllegalArgumentException("PowerLawFit: cannot hold out " + held + " of " + sizes.length + " sizes, expected 1 to " + (sizes.length - 1));
        }
        double[] out = Arrays.copyOfRange(sizes, sizes.length - held, sizes.length);
        PowerLawFit smaller = between(sizes[0], sizes[sizes.length - held - 1]);
        double[] measured = Arrays.stream(out).map(this::meanErrorAt).toArray();
        return new Extrapolation(smaller, out, measured, Arrays.stream(out).map(smaller::predict).toArray());
    }

    private double meanErrorAt(double size) {
        return IntStream.range(0, m.length).filter(i -> m[i] == size).mapToDouble(i -> error[i]).average().orElseThrow();
    }

    private static double[] at(double[] values, int[] indices) {
        return Arrays.stream(indices).mapToDouble(i -> values[i]).toArray();
    }

    /** The points, the curve and its 95 % bootstrap band on log axes. */
    public Figure figure() {
        return fit.figure();
    }

    /** What a reader must know before trusting the numbers; empty when all is well. */
    public List<String> warnings() {
        return fit.warnings();
    }

    @Override
    public Bundle bundle() {
        return fit.bundle();
    }

    @Override
    public String toString() {
        return fit.toString();
    }
}
