package lemma.nn;

import lemma.tensor.Random;
import lemma.tensor.Tensor;
import lemma.tensor.Tracing;

/**
 * Power normalisation: division of each feature by a running quadratic mean, {@code Xhat = X / psi}, {@code Y = gamma Xhat + beta}, with a
 * gradient that stands for that of the batch's own statistics. With {@code G = gamma dL/dY}, means over the rows of the batch, and a the
 * momentum,
 *
 * <pre>{@code
 * dL/dX = (G - nu Xhat) / psi
 * psi^2 <- a psi^2 + (1 - a) mean(X^2)
 * nu    <- nu (1 - (1 - a) mean(Xhat^2)) + (1 - a) mean(G Xhat)
 * }</pre>
 *
 * <p>where psi and nu are those before the step. It starts from the statistics of the first batch and nu = 0. While the state counts fewer
 * than {@code warmup} steps it is {@link PowerNormV}. Evaluation divides by the running psi. Use it where the statistics of batches
 * fluctuate too much for {@link BatchNorm1d}, and the statistics of single examples are not wanted either.
 *
 * <p>Shapes: {@code x (..., d) -> (..., d)}, the rows are all leading axes; {@code weight gamma, bias beta, running_psi2, nu (d)}. The
 * gradient is no derivative of the output; gradients of gradients are derivatives of it.
 *
 * @param features d
 * @param momentum a, the share of the past, 0.9 in the paper
 * @param eps added to psi^2
 * @param warmup steps with the batch's own statistics
 * @param correction whether nu takes part; without it the gradient is that of a division by constants
 * @see <a href="https://arxiv.org/abs/2003.07845">Shen et al. (2020), PowerNorm: Rethinking batch normalization in transformers, algorithm 2</a>
 */
public record PowerNorm(int features, double momentum, double eps, int warmup, boolean correction) implements Module {
    public PowerNorm {
        ChannelNorms.check("PowerNorm", features, eps);
        if (!(momentum >= 0 && momentum <= 1)) throw new IllegalArgumentException("PowerNorm: momentum " + momentum + ", expected 0 to 1");
        if (warmup < 0) throw new IllegalArgumentException("PowerNorm: warmup " + warmup + ", expected at least 0");
    }

    public static PowerNorm of(int features) {
        return new PowerNorm(features, 0.9, 1e-5, 0, true);
    }

    public PowerNorm withMomentum(double momentum) {
        return new PowerNorm(features, momentum, eps, warmup, correction);
    }

    public PowerNorm withEps(double eps) {
        return new PowerNorm(features, momentum, eps, warmup, correction);
    }

    /** With the batch's own statistics and the exact gradient in the first {@code steps}. */
    public PowerNorm withWarmup(int steps) {
        return new PowerNorm(features, momentum, eps, steps, correction);
    }

    /** Without nu: the gradient of a division by constants, to see what the correction does. */
    public PowerNorm withoutCorrection() {
        return new PowerNorm(features, momentum, eps, warmup, false);
    }

    @Override
    public Params params(Random random) {
        return ChannelNorms.affine(features, true);
    }

    @Override
    public Params state() {
        return Params.of("running_psi2", Tensor.ones(features)).with("nu", Tensor.zeros(features)).with("steps", Tensor.zeros(1));
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        Tensor rows = ChannelNorms.rows("PowerNorm", x, features, at);
        Tensor normal = at.pass().isTraining() ? trained(rows, at) : rows.div(at.state("running_psi2").add(eps).sqrt());
        return normal.mul(at.param("weight")).add(at.param("bias")).reshape(x.shape());
    }

    private Tensor trained(Tensor x, Bound at) {
        Tensor square = x.detach().square().mean(0);
        double steps = at.state("steps").item();
        Tensor psi2 = steps == 0 ? square : at.state("running_psi2");
        at.update("running_psi2", psi2.mul(momentum).add(square.mul(1 - momentum)));
        at.update("steps", at.state("steps").add(1));
        if (steps < warmup) return PowerNormV.normalise(x, eps);
        return divided(x, psi2.add(eps).rsqrt(), at);
    }

    /** {@code x rpsi} with the gradient that {@link PowerNorm} is about. */
    private Tensor divided(Tensor x, Tensor rpsi, Bound at) {
        if (!correction) return x.mul(rpsi);
        Tensor nu = at.state("nu");
        Tensor normal = x.detach().mul(rpsi);
        return Tracing.record("powerNorm", normal, (g, y) -> {
            at.update("nu", nextNu(nu, normal.detach(), g.detach()));
            return new Tensor[] {g.sub(Tracing.forRule(x).mul(rpsi).mul(nu)).mul(rpsi)};
        }, x);
    }

    private Tensor nextNu(Tensor nu, Tensor normal, Tensor g) {
        Tensor kept = normal.square().mean(0).mul(1 - momentum).neg().add(1);
        return nu.mul(kept).add(g.mul(normal).mean(0).mul(1 - momentum));
    }
}
