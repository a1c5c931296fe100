package lemma.ntk;

import java.util.Map;
import lemma.nn.Model;
import lemma.nn.Module;
import lemma.optim.MuP.Role;
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

    // ---- parametrisation ----

    /** Whether it has parameters. */
    default boolean hasWeights() {
        return false;
    }

    /**
     * This network, described from its inputs to its outputs, in another parametrisation: the first layer of weights is the input layer, the last one the
     * output layer, those between are hidden.
     *
     * @throws IllegalArgumentException if branches that give the outputs do not end in one layer of weights (each, in {@link Parametrization#MUP}), or
     *     self-attention is to be in {@link Parametrization#STANDARD}
     */
    default Network parametrized(Parametrization parametrization) {
        return parametrized(parametrization, Role.FIXED);
    }

    /**
     * This part of a network in another parametrisation.
     *
     * @param role its place: {@link Role#INPUT} from inputs to a width, HIDDEN between widths, OUTPUT from a width to outputs, FIXED from inputs to outputs
     */
    default Network parametrized(Parametrization parametrization, Role role) {
        return this;
    }

    /** What a learning rate of SGD is multiplied by, for all parameters: {@code n^(-c)} of {@link AbcParametrization}; 1 but in {@link Parametrization#MEAN_FIELD}. */
    default double sgdFactor(Shape in) {
        return 1;
    }

    /**
     * What a learning rate of Adam, or of another rule whose steps do not depend on the size of gradients, is multiplied by for every parameter of the finite
     * network; 1 in {@link Parametrization#NTK} and {@link Parametrization#STANDARD}.
     *
     * <pre>{@code
     * Groups.byFactor(net.adamFactors(Shape.of(784)), factor -> Adam.of(0.01 * factor))
     * }</pre>
     */
    default Map<String, Double> adamFactors(Shape in) {
        return Map.of();
    }

    // ---- networks and kernels ----

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
