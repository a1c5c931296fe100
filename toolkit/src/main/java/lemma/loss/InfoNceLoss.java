package lemma.loss;

import lemma.tensor.DType;
import lemma.tensor.Functional;
import lemma.tensor.Tensor;

/**
 * Contrastive loss among the rows of a batch: {@code -log(exp(s_ii / t) / sum_j exp(s_ij / t))} with the cosine similarity
 * {@code s_ij} of query i and key j; the symmetric one, as CLIP has it, is the mean of this and of keys against queries.
 *
 * <p>Shapes: queries and keys {@code (n, d)}, result {@code (n)}.
 *
 * @param temperature t; 0.07 in CLIP at the start
 * @see <a href="https://arxiv.org/abs/1807.03748">van den Oord, Li, Vinyals (2018), Contrastive predictive coding, eq. 4</a>
 */
public record InfoNceLoss(double temperature, boolean symmetric) implements Loss {
    private static final double EPS = 1e-12;

    public InfoNceLoss {
        if (!(temperature > 0 && Double.isFinite(temperature))) throw new IllegalArgumentException("InfoNceLoss: temperature is " + temperature + ", expected above 0");
    }

    public static InfoNceLoss of(double temperature) {
        return new InfoNceLoss(temperature, false);
    }

    /** The mean of both directions. */
    public InfoNceLoss asSymmetric() {
        return new InfoNceLoss(temperature, true);
    }

    @Override
    public Tensor each(Tensor queries, Tensor keys) {
        if (queries.rank() != 2 || !queries.shape().equals(keys.shape())) {
            throw new IllegalArgumentException("InfoNceLoss: queries are " + queries.shape() + ", keys " + keys.shape() + "; expected both (n, d)");
        }
        Tensor s = unit(queries).matmul(unit(keys).t()).div(temperature);
        Tensor own = queries.backend().arange(0, 1, queries.dim(0), DType.INT64);
        Tensor forward = Functional.crossEntropy(s, own);
        return symmetric ? forward.add(Functional.crossEntropy(s.t(), own)).mul(0.5) : forward;
    }

    private static Tensor unit(Tensor x) {
        return x.div(x.square().sumKeep(1).sqrt().maximum(EPS));
    }
}
