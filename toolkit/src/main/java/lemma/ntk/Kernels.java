package lemma.ntk;

import lemma.nn.Model;
import lemma.tensor.Tensor;

/** The kernels of a model: those of its own, and those of infinite width if it was made by {@link Network#init}. */
public final class Kernels {
    private final Model model;

    private Kernels(Model model) {
        this.model = model;
    }

    public static Kernels of(Model model) {
        return new Kernels(model);
    }

    /** In the limit of infinite width, between the examples of x1 and those of x2. */
    public NetworkKernel analytic(Tensor x1, Tensor x2) {
        if (model.module() instanceof FiniteNetwork f) return f.network().kernel(x1, x2);
        throw new IllegalArgumentException("Kernels: the model has no limit of infinite width that is known; describe it with Stax and make it by Network.init, or use empirical()");
    }

    /**
     * At the model's parameters, mean over outputs, between the examples of x1 and those of x2; the NTK is times the factor of SGD's rate, as that of
     * {@link #analytic} is, which is 1 but for {@link Parametrization#MEAN_FIELD}.
     */
    public EmpiricalKernel empirical(Tensor x1, Tensor x2) {
        EmpiricalKernel k = EmpiricalKernels.of(model).kernel(x1, x2);
        double rate = model.module() instanceof FiniteNetwork f ? f.network().sgdFactor(f.in()) : 1;
        return rate == 1 ? k : new EmpiricalKernel(new NetworkKernel(k.nngp(), k.ntk().mul(rate)), k.method(), k.costs());
    }
}
