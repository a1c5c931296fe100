package lemma.data;

import java.util.List;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * A regression with two small groups of outliers that pull in opposite directions. Inputs are {@code x = (x_c, x_o)}, {@code x_c ~ N(0, I)}; an
 * example is an outlier with probability {@code share}, and then {@code x_o = +-sqrt(alpha) u} with a random sign, else {@code x_o = 0}. The
 * target is {@code beta . x_c + gamma [x_o != 0]}: even in x_o, so that no linear predictor gains from the direction u, along which it
 * nevertheless has a curvature in proportion to {@code alpha share}.
 *
 * @param common length of x_c
 * @param rare length of x_o
 * @param share probability p of an outlier
 * @param alpha squared length of x_o of outliers
 * @param gamma what outliers have in common; with 0 the losses of the two groups move together
 * @see <a href="https://arxiv.org/abs/2311.04163">Rosenfeld, Risteski (2023), Outliers with opposing signals have an outsized effect on neural network optimization, section 3</a>
 */
public record OpposingSignals(int common, int rare, double share, double alpha, double gamma) {
    public OpposingSignals {
        if (common < 1 || rare < 1) throw new IllegalArgumentException("OpposingSignals: " + common + " common and " + rare + " rare features, expected at least 1 each");
        if (!(share >= 0 && share <= 1)) throw new IllegalArgumentException("OpposingSignals: share is " + share + ", expected 0 to 1");
        if (!(alpha >= 0)) throw new IllegalArgumentException("OpposingSignals: alpha is " + alpha + ", expected at least 0");
    }

    /**
     * Examples and what they were made of.
     *
     * @param x FLOAT64 (n, common + rare)
     * @param y FLOAT64 (n)
     * @param sign FLOAT64 (n), 1 and -1 in the two groups of outliers, else 0
     * @param beta FLOAT64 (common), of length 1
     * @param u FLOAT64 (rare), of length 1
     */
    public record Sample(Tensor x, Tensor y, Tensor sign, Tensor beta, Tensor u) {
        /** The numbers of the examples whose sign is {@code which}: a group of outliers with 1 or -1, all others with 0. */
        public int[] group(int which) {
            return sign.eq(which).nonzero().reshape(-1).to(DType.INT32).toInts();
        }

        /** The sample without its outliers. */
        public Sample withoutOutliers() {
            Tensor kept = Tensor.of(group(0));
            return new Sample(x.indexSelect(0, kept), y.indexSelect(0, kept), sign.indexSelect(0, kept), beta, u);
        }
    }

    /** {@code examples} examples with directions of their own, each an outlier or not by chance. */
    public Sample sample(int examples, Random random) {
        check(examples);
        Tensor isOutlier = random.fork(3).bernoulli(share, examples).to(DType.FLOAT64);
        return sample(random.fork(4).bernoulli(0.5, examples).to(DType.FLOAT64).mul(2).sub(1).mul(isOutlier), random);
    }

    /** {@code examples} examples of which exactly {@code round(examples share / 2)} are outliers of each sign, the first ones. */
    public Sample balanced(int examples, Random random) {
        check(examples);
        int each = Math.toIntExact(Math.round(examples * share / 2));
        double[] sign = new double[examples];
        for (int i = 0; i < Math.min(2 * each, examples); i++) sign[i] = i % 2 == 0 ? 1 : -1;
        return sample(Tensor.of(sign), random);
    }

    private static void check(int examples) {
        if (examples < 1) throw new IllegalArgumentException("OpposingSignals: examples is " + examples + ", expected at least 1");
    }

    private Sample sample(Tensor sign, Random random) {
        Tensor beta = unit(common, random.fork(0));
        Tensor u = unit(rare, random.fork(1));
        Tensor ordinary = random.fork(2).normal(Shape.of(sign.dim(0), common), DType.FLOAT64);
        Tensor outlying = sign.unsqueeze(1).mul(u).mul(Math.sqrt(alpha));
        Tensor y = ordinary.matmul(beta).add(sign.abs().mul(gamma));
        return new Sample(Tensor.concat(List.of(ordinary, outlying), 1), y, sign, beta, u);
    }

    private static Tensor unit(int length, Random random) {
        Tensor v = random.normal(Shape.of(length), DType.FLOAT64);
        return v.div(v.norm());
    }
}
