package lemma.scaling;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import lemma.display.Bundle;
import lemma.display.Rich;

/**
 * Laws fitted to the same targets by least squares, the lowest AIC first. The weight of a law is
 * {@code exp(-dAIC / 2)} over the sum of these: its share of the evidence among those compared.
 *
 * @param fits in ascending order of AIC
 * @see <a href="https://doi.org/10.1007/b97636">Burnham, Anderson (2002), Model Selection and Multimodel Inference, section 2.9</a>
 */
public record LawComparison(List<ScalingFit> fits) implements Rich {
    /**
     * @throws IllegalArgumentException if there are fewer than two fits, or their targets differ
     * @throws IllegalStateException if a fit is not plain least squares
     */
    public static LawComparison of(ScalingFit... fits) {
        if (fits.length < 2) throw new IllegalArgumentException("LawComparison: " + fits.length + " fits, expected at least 2");
        for (ScalingFit fit : fits) {
            if (!Arrays.equals(fit.target(), fits[0].target())) throw new IllegalArgumentException("LawComparison: " + fit.law().name() + " has other targets than " + fits[0].law().name() + ", expected the same observations");
        }
        return new LawComparison(Arrays.stream(fits).sorted(Comparator.comparingDouble(ScalingFit::aic)).toList());
    }

    /** The fit of lowest AIC. */
    public ScalingFit best() {
        return fits.getFirst();
    }

    /** The weight of each fit, in their order. */
    public double[] weights() {
        double least = best().aic();
        double[] relative = fits.stream().mapToDouble(fit -> Math.exp(-0.5 * (fit.aic() - least))).toArray();
        double sum = Arrays.stream(relative).sum();
        return Arrays.stream(relative).map(r -> r / sum).toArray();
    }

    @Override
    public Bundle bundle() {
        return Bundle.text(toString());
    }

    @Override
    public String toString() {
        double[] weights = weights();
        StringBuilder text = new StringBuilder(String.format("%-28s %3s %10s %10s %8s %8s %9s%n", "law", "p", "AIC", "BIC", "dAIC", "weight", "R2"));
        for (int i = 0; i < weights.length; i++) {
            ScalingFit fit = fits.get(i);
            text.append(String.format(Locale.ROOT, "%-28s %3d %10.3f %10.3f %8.3f %8.4f %9.6f%n", fit.law().name(), fit.freeParameters(), fit.aic(), fit.bic(), fit.aic() - best().aic(), weights[i], fit.rSquared()));
        }
        return text.toString().stripTrailing();
    }
}
