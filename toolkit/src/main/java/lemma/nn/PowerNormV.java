package lemma.nn;

import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Normalisation of each feature by the quadratic mean of its batch, without taking off the mean: {@code Y = gamma X / sqrt(mean(X^2) + eps) + beta}, the
 * mean over the rows; the gradient is exact. Evaluation divides by the running quadratic mean, {@code psi^2 <- a psi^2 + (1 - a) mean(X^2)}.
 *
 * <p>Shapes: {@code x (..., d) -> (..., d)}, the rows are all leading axes; {@code weight gamma, bias beta, running_psi2 (d)}.
 *
 * @param features d
 * @param momentum a, the share of the past
 * @param eps added to the mean square
 * @see <a href="https://arxiv.org/abs/2003.07845">Shen et al. (2020), PowerNorm: Rethinking batch normalization in transformers, section 4.1</a>
 */
public record PowerNormV(int features, double momentum, double eps) implements Module {
    public PowerNormV {
        ChannelNorms.check("PowerNormV", features, eps);
        if (!(momentum >= 0 && momentum <= 1)) throw new IllegalArgumentException("PowerNormV: momentum " + momentum + ", expected 0 to 1");
    }

    public static PowerNormV of(int features) {
        return new PowerNormV(features, 0.9, 1e-5);
    }

    public PowerNormV withMomentum(double momentum) {
        return new PowerNormV(features, momentum, eps);
    }

    public PowerNormV withEps(double eps) {
        return new PowerNormV(features, momentum, eps);
    }

    @Override
    public Params params(Random random) {
        return ChannelNorms.affine(features, true);
    }

    @Override
    public Params state() {
        return Params.of("running_psi2", Tensor.ones(features)).with("steps", Tensor.zeros(1));
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        Tensor rows = ChannelNorms.rows("PowerNormV", x, features, at);
        Tensor normal = at.pass().isTraining() ? trained(rows, at) : rows.div(at.state("running_psi2").add(eps).sqrt());
        return normal.mul(at.param("weight")).add(at.param("bias")).reshape(x.shape());
    }

    private Tensor trained(Tensor x, Bound at) {
        Tensor square = x.detach().square().mean(0);
        Tensor before = at.state("steps").item() == 0 ? square : at.state("running_psi2");
        at.update("running_psi2", before.mul(momentum).add(square.mul(1 - momentum)));
        at.update("steps", at.state("steps").add(1));
        return normalise(x, eps);
    }

    /** {@code x (rows, d)} over its quadratic mean. */
    static Tensor normalise(Tensor x, double eps) {
        return x.mul(x.square().meanKeep(0).add(eps).rsqrt());
    }
}
