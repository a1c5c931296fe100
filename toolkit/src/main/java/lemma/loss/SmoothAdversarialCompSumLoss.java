package lemma.loss;

import lemma.tensor.DType;
import lemma.tensor.Tensor;

/**
 * A smooth bound on the adversarial zero-one loss: a comp-sum loss of scores divided by a margin rho, and how far an attack can move the
 * vector of score differences, {@code Phi_tau(sum over k != y of exp((h_k - h_y) / rho)) + nu max over x' of |D(x') - D(x)|_2} with
 * {@code D(x)_k = h_y(x) - h_k(x)} over the other classes. The attack maximises the second part.
 *
 * @param tau of the comp-sum loss
 * @param rho margin; 1 in the paper's experiments
 * @param nu weight of the second part
 * @see <a href="https://arxiv.org/abs/2304.07288">Mao, Mohri, Zhong (2023), Cross-Entropy Loss Functions, section 5</a>
 */
public record SmoothAdversarialCompSumLoss(double tau, double rho, double nu) implements AdversarialLoss {
    private static final double EPS = 1e-12;

    public SmoothAdversarialCompSumLoss {
        CompSumLoss.of(tau);
        if (!(rho > 0 && Double.isFinite(rho))) throw new IllegalArgumentException("SmoothAdversarialCompSumLoss: rho is " + rho + ", expected above 0");
        if (!(nu >= 0 && Double.isFinite(nu))) throw new IllegalArgumentException("SmoothAdversarialCompSumLoss: nu is " + nu + ", expected at least 0");
    }

    /** With rho 1. */
    public static SmoothAdversarialCompSumLoss of(double tau, double nu) {
        return new SmoothAdversarialCompSumLoss(tau, 1, nu);
    }

    public SmoothAdversarialCompSumLoss withRho(double rho) {
        return new SmoothAdversarialCompSumLoss(tau, rho, nu);
    }

    @Override
    public Tensor attacked(Tensor moved, Tensor clean, Tensor labels) {
        return shift(moved, clean, labels).mean();
    }

    @Override
    public Tensor trained(Tensor clean, Tensor moved, Tensor labels) {
        return CompSumLoss.of(tau).apply(clean.div(rho), labels).add(shift(moved, clean, labels).mean().mul(nu));
    }

    /** {@code |D(x') - D(x)|_2} of each example; a little above it, so that it has a gradient at 0. */
    private static Tensor shift(Tensor moved, Tensor clean, Tensor labels) {
        Classes.check("SmoothAdversarialCompSumLoss", clean, labels);
        Tensor d = moved.sub(clean);
        Tensor own = d.gather(1, labels.to(DType.INT64).unsqueeze(1));
        return own.sub(d).square().sum(1).add(EPS).sqrt();
    }
}
