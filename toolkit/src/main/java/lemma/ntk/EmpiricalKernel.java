package lemma.ntk;

import java.util.Map;
import lemma.tensor.Tensor;

/**
 * The kernels of a finite network and how they were computed.
 *
 * @param kernel (n1, n2), or with all outputs (n1, n2, K, K)
 * @param method that was used
 * @param costs what each method was estimated to need
 */
public record EmpiricalKernel(NetworkKernel kernel, NtkMethod method, Map<NtkMethod, Cost> costs) {
    /**
     * An estimate.
     *
     * @param operations floating-point operations
     * @param bytes memory beside parameters and result
     */
    public record Cost(double operations, double bytes) {}

    /** {@code f(x) f(x')} of the network's outputs. */
    public Tensor nngp() {
        return kernel.nngp();
    }

    /** {@code sum_p df(x)/dp df(x')/dp}. */
    public Tensor ntk() {
        return kernel.ntk();
    }
}
