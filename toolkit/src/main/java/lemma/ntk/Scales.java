package lemma.ntk;

import lemma.optim.MuP.Role;

/**
 * Standard deviations of a layer's weights, times the square root of their fan-in, and of its biases.
 *
 * @param wStd at least 0
 * @param bStd at least 0; NaN for a layer without biases
 * @param role the layer's place between inputs, widths and outputs
 */
public record Scales(double wStd, double bStd, Parametrization parametrization, Role role) {
    public Scales {
        if (!(wStd >= 0)) throw new IllegalArgumentException("Stax: W_std is " + wStd + ", expected at least 0");
        if (bStd < 0) throw new IllegalArgumentException("Stax: b_std is " + bStd + ", expected at least 0");
    }

    /** Of a layer whose place does not matter: NTK or standard parametrisation. */
    public Scales(double wStd, double bStd, Parametrization parametrization) {
        this(wStd, bStd, parametrization, Role.FIXED);
        if (parametrization.dependsOnPlace()) throw new IllegalArgumentException("Stax: " + parametrization + " scales layers by their place in the network; describe the whole network and call parametrized(" + parametrization + ")");
    }

    Scales parametrized(Parametrization other, Role place) {
        return new Scales(wStd, bStd, other, place);
    }

    boolean hasBias() {
        return !Double.isNaN(bStd);
    }

    /**
     * In a layer of these sizes.
     *
     * @param fanIn d, numbers that a unit sees
     * @param in n, channels of the layer's input
     * @param out N, its units
     */
    LayerScales at(int fanIn, int in, int out) {
        return LayerScales.of(this, fanIn, in, out);
    }
}
