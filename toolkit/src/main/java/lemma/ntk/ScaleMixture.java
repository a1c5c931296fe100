package lemma.ntk;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * Gaussian processes of kernel {@code s^2 K} with any distribution of the scale s^2, as nodes of equal weight: independent draws, or quantiles. The
 * posterior weighs node i by its evidence, {@code w_i = p(y | s_i^2) / sum_j p(y | s_j^2)}; predictions are mixtures with these weights.
 *
 * @param scales the nodes s^2, above 0
 * @see <a href="https://arxiv.org/abs/2107.01408">Lee, Yun, Yang, Lee (2022), Scale mixtures of neural network Gaussian processes, section 4</a>
 */
public record ScaleMixture(double... scales) {
    public ScaleMixture {
        if (scales.length == 0 || DoubleStream.of(scales).anyMatch(s -> !(s > 0))) throw new IllegalArgumentException("ScaleMixture: scales are " + Arrays.toString(scales) + ", expected one or more, all above 0");
        scales = scales.clone();
    }

    private static Tensor softmax(DoubleStream evidence) {
        return Tensor.of(evidence.toArray()).softmax(0);
    }

    /**
     * Regression, noise inside the scale.
     *
     * @param kernel K on the training set (n, n)
     * @param y targets (n)
     * @param noise variance of the noise at {@code s^2 = 1}, at least 0
     */
    public Regression regression(Tensor kernel, Tensor y, double noise) {
        List<GpRegression> each = DoubleStream.of(scales).mapToObj(s -> GpRegression.of(kernel.mul(s), y, noise * s)).toList();
        return new Regression(this, each, softmax(each.stream().mapToDouble(GpRegression::logMarginalLikelihood)), noise);
    }

    /** A mixture of Gaussian posteriors; {@code weights} (nodes) are those of the nodes given the data. */
    public record Regression(ScaleMixture mixture, List<GpRegression> each, Tensor weights, double noise) {
        /** {@code log p(y_i)} of each new observation by itself, from K between m points and the training set (m, n) and among themselves (m, m). */
        public Tensor logDensities(Tensor cross, Tensor test, Tensor y) {
            return Scope.run(() -> Tensor.stack(IntStream.range(0, each.size()).mapToObj(i -> {
                double s = mixture.scales[i];
                Tensor noisy = test.add(Tensor.eye(test.dim(0), test.dtype()).mul(noise));
                return each.get(i).predict(cross.mul(s), noisy.mul(s)).logDensities(y).add(weights.get(i).log());
            }).toList(), 0).logsumexp(0));
        }
    }

    /**
     * Classification, by Laplace's approximation for each node; of more than two classes one against the rest, with the probabilities divided by their sum.
     *
     * @param kernel K on the training set (n, n)
     * @param labels 0 to classes - 1 (n)
     */
    public Classification classification(Tensor kernel, Tensor labels, int classes) {
        if (classes < 2) throw new IllegalArgumentException("ScaleMixture: " + classes + " classes, expected at least 2");
        List<List<GpClassification>> each = DoubleStream.of(scales).mapToObj(s -> {
            Tensor k = kernel.mul(s);
            return IntStream.range(classes == 2 ? 1 : 0, classes).mapToObj(c -> GpClassification.of(k, labels.eq(c).to(kernel.dtype()).mul(2).sub(1))).toList();
        }).toList();
        Tensor weights = softmax(each.stream().mapToDouble(n -> n.stream().mapToDouble(GpClassification::logMarginalLikelihood).sum()));
        return new Classification(this, each, weights);
    }

    /** A mixture of classifiers; {@code weights} (nodes) are those of the nodes given the data. */
    public record Classification(ScaleMixture mixture, List<List<GpClassification>> each, Tensor weights) {
        /** The node with the largest evidence: the scale that a fit by maximum likelihood takes. */
        public double bestScale() {
            return mixture.scales[(int) weights.argmax().item()];
        }

        /** Probabilities of the classes (m, classes), from K between m points and the training set (m, n) and the variances of the points (m). */
        public Tensor probabilities(Tensor cross, Tensor variance) {
            return Scope.run(() -> {
                Tensor sum = null;
                for (int i = 0; i < each.size(); i++) {
                    double weight = weights.get(i).item();
                    if (weight < 1e-12) continue;
                    int node = i;
                    Tensor part = Scope.run(() -> ofNode(node, cross, variance).mul(weight));
                    sum = sum == null ? part : sum.add(part);
                }
                return sum;
            });
        }

        private Tensor ofNode(int i, Tensor cross, Tensor variance) {
            Tensor k = cross.mul(mixture.scales[i]);
            Tensor v = variance.mul(mixture.scales[i]);
            Tensor p = Tensor.stack(each.get(i).stream().map(c -> c.probability(k, v)).toList(), 1);
            return p.dim(1) == 1 ? Tensor.concat(List.of(p.rsub(1), p), 1) : p.div(p.sumKeep(1));
        }
    }
}
