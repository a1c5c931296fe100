package lemma.ntk;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * Many random MLPs {@code z^(l+1) = W s(z^l) + b} of width n on one input, {@code Var W = C_W / n, Var b = C_b}, without their weights: given a layer,
 * the next one's n pre-activations are independent normal numbers of variance {@code G = C_b + C_W / n sum_i s(z_i)^2}, so a net is its G's.
 * Exact for every width.
 *
 * @param activation s, element by element
 */
public record MlpEnsemble(UnaryOperator<Tensor> activation, double biasVariance, double weightVariance, int width) {
    private static final int NUMBERS = 1 << 19;

    public MlpEnsemble {
        if (!(biasVariance >= 0 && weightVariance >= 0) || width < 1) throw new IllegalArgumentException("MlpEnsemble: C_b is " + biasVariance + ", C_W " + weightVariance + ", width " + width + ", expected variances of at least 0 and at least one unit");
    }

    /**
     * The fourth moment of a pre-activation over that of a normal number, {@code E z^4 / 3 (E z^2)^2 = E G^2 / (E G)^2}, and its standard error.
     */
    public record FourthMoment(double ratio, double standardError) {}

    /** G of layers 1 to {@code depth} of {@code draws} nets, (depth, draws), with {@code kernel} for that of the first. */
    public Tensor variances(Random random, int draws, double kernel, int depth) {
        int at = Math.max(1, NUMBERS / width);
        List<Tensor> parts = new ArrayList<>();
        for (int from = 0; from < draws; from += at) {
            int count = Math.min(at, draws - from);
            parts.add(Scope.run(() -> part(random, count, kernel, depth)));
        }
        return Tensor.concat(parts, 1);
    }

    private Tensor part(Random random, int draws, double kernel, int depth) {
        List<Tensor> layers = new ArrayList<>();
        Tensor g = Tensor.ones(draws).mul(kernel);
        for (int l = 1; l <= depth; l++) {
            layers.add(g);
            Tensor before = g;
            g = Scope.run(() -> activation.apply(random.normal(draws, width).mul(before.sqrt().unsqueeze(1))).square().mean(1).mul(weightVariance).add(biasVariance));
        }
        return Tensor.stack(layers, 0);
    }

    /** The moment of each layer from {@link #variances}. */
    public static List<FourthMoment> fourthMoments(Tensor variances) {
        List<FourthMoment> moments = new ArrayList<>();
        for (int l = 0; l < variances.dim(0); l++) moments.add(fourthMoment(variances.get(l).toDoubles()));
        return moments;
    }

    private static FourthMoment fourthMoment(double[] g) {
        double first = 0;
        double second = 0;
        for (double v : g) {
            first += v / g.length;
            second += v * v / g.length;
        }
        double ratio = second / (first * first);
        double spread = 0;
        for (double v : g) spread += Math.pow(v * v / second - 2 * v / first + 1, 2);
        return new FourthMoment(ratio, ratio * Math.sqrt(spread / (g.length - 1.0) / g.length));
    }
}
