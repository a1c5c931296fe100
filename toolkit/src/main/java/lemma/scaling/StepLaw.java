package lemma.scaling;

import java.util.Locale;
import lemma.display.Bundle;
import lemma.display.Rich;

/**
 * How the best peak learning rate and batch size move with scale: {@code eta*(N, D) = c N^a D^b} and {@code B*(D) = d D^g}, with N the
 * parameters without embeddings, D the training tokens, and B in tokens.
 *
 * @param c factor of the learning rate
 * @param a its exponent in N
 * @param b its exponent in D
 * @param d factor of the batch size
 * @param g its exponent in D
 * @see <a href="https://arxiv.org/abs/2503.04715">Li et al. (2025), Predictable Scale: Part I, Optimal Hyperparameter Scaling Law</a>
 */
public record StepLaw(double c, double a, double b, double d, double g) {
    /** The law published for language models trained with warm-up and a cosine to a fixed small rate. */
    public static final StepLaw PUBLISHED = new StepLaw(1.79, -0.713, 0.307, 0.58, 0.571);

    /**
     * @param learningRate peak learning rate
     * @param batchTokens tokens a batch
     */
    public record Hyperparameters(double learningRate, double batchTokens) {}

    /**
     * The law at a scale.
     *
     * @param params N, without embeddings
     * @param tokens D
     * @throws IllegalArgumentException if a number is not positive and finite
     */
    public Hyperparameters predict(double params, double tokens) {
        if (!(params > 0 && tokens > 0) || Double.isInfinite(params) || Double.isInfinite(tokens)) {
            throw new IllegalArgumentException("StepLaw: " + params + " parameters and " + tokens + " tokens, expected positive finite numbers");
        }
        return new Hyperparameters(c * Math.pow(params, a) * Math.pow(tokens, b), d * Math.pow(tokens, g));
    }

    /**
     * Regressions of the best hyper-parameters measured at several scales, on log axes, with intervals from resampled residuals.
     *
     * @param learningRate of eta on N and D: parameters c, p_N, p_D
     * @param batchSize of B on D: parameters c, p_D
     * @param batchSizeWithParams of B on D and N, whose p_N says whether N matters to the batch size after all
     */
    public record Fit(ScalingFit learningRate, ScalingFit batchSize, ScalingFit batchSizeWithParams) implements Rich {
        /** The law with the fitted numbers. */
        public StepLaw law() {
            return new StepLaw(learningRate.parameter("c"), learningRate.parameter("p_N"), learningRate.parameter("p_D"), batchSize.parameter("c"), batchSize.parameter("p_D"));
        }

        @Override
        public Bundle bundle() {
            return Bundle.text(learningRate.summary() + "\n\n" + batchSize.summary() + "\n\n" + batchSizeWithParams.summary());
        }

        @Override
        public String toString() {
            return law() + "\n\n" + learningRate + "\n\n" + batchSize + "\n\n" + batchSizeWithParams;
        }
    }

    /**
     * Fits the law to the best hyper-parameters at five scales or more.
     *
     * @param params N of each scale
     * @param tokens D of each
     * @param learningRates the best learning rate at each
     * @param batchTokens the best batch size at each, in tokens
     * @throws IllegalArgumentException if lengths differ, a number is not positive and finite, or N and D take too few different values
     */
    public static Fit fit(double[] params, double[] tokens, double[] learningRates, double[] batchTokens) {
        return new Fit(fitter("eta", "N", "D").fit(learningRates, params, tokens), fitter("B", "D").fit(batchTokens, tokens), fitter("B", "D", "N").fit(batchTokens, tokens, params));
    }

    private static LawFitter fitter(String target, String... inputs) {
        return LawFitter.of(ProductPowerLaw.of(target, inputs)).withResampling(LawFitter.Resampling.RESIDUALS);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "eta* = %.4g N^%.4g D^%.4g, B* = %.4g D^%.4g", c, a, b, d, g);
    }
}
