package lemma.ntk;

import lemma.nn.Model;
import lemma.nn.Module;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * The description of a network, or of a part of one, for every width: it gives the finite network as a {@link Module}, and the map of
 * covariances that the network becomes as its widths go to infinity, from which the NNGP and the NTK follow.
 *
 * <p>Examples are vectors (c), sequences (c, l) or images (c, h, w), channels first, as in {@code lemma.nn}.
 *
 * @see <a href="https://arxiv.org/abs/1912.02803">Novak et al. (2020), Neural tangents: fast and easy infinite neural networks in Python</a>
 */
public interface Network {
    /** The finite network for examples of shape {@code in}, without the axis of the batch. */
    Module module(Shape in);

    /** The shape of what becomes of an example. */
    Shape out(Shape in);

    /** What becomes of covariances of the inputs as widths go to infinity. */
    Covariance covariance(Covariance k);

    /** Whether the covariance between different positions of the input matters, as for pooling. */
    default boolean mixesPositions() {
        return false;
    }

    /** The finite network with fresh parameters for examples of the shape {@code in}. */
    default Model init(Random random, int... in) {
        return new FiniteNetwork(this, Shape.of(in), module(Shape.of(in))).init(random);
    }

    /** NNGP and NTK between all examples of x (n, ...). */
    default NetworkKernel kernel(Tensor x) {
        return AnalyticKernels.of(this).kernel(x);
    }

    /** NNGP and NTK between the examples of x1 (n1, ...) and those of x2 (n2, ...). */
    default NetworkKernel kernel(Tensor x1, Tensor x2) {
        return AnalyticKernels.of(this).kernel(x1, x2);
    }
}
