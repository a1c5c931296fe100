package lemma.nn;

import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * A temperature of each example's own, {@code h / T(f)} with {@code T(f) = clamp(1 + g(f), low, high)}: logits h are calibrated by what a small network g
 * sees in features f. Predictions stay as they are, for the order of the logits does. Where g is 0 the logits stay too, so that training starts
 * from the uncalibrated model and not from a clamp, whose gradient is 0.
 *
 * <p>Shapes: {@code x (n, features + classes) -> (n, classes)}, features first, as {@code Tensor.concat(List.of(f, h), 1)} makes them;
 * {@code g (n, features) -> (n, 1)}.
 *
 * @param g from features to a number
 * @param features how many
 * @param low least temperature
 * @param high largest temperature
 * @see <a href="https://arxiv.org/abs/2404.13016">Liu et al. (2024), Optimizing calibration by gaining aware of prediction correctness, section 4</a>
 */
public record AdaptiveTemperature(Module g, int features, double low, double high) implements Module {
    public AdaptiveTemperature {
        if (features < 1) throw new IllegalArgumentException("AdaptiveTemperature: " + features + " features, expected at least 1");
        if (!(low > 0 && high >= low)) throw new IllegalArgumentException("AdaptiveTemperature: temperatures from " + low + " to " + high + "; expected above 0, the lower first");
    }

    /** The paper's network {@code features-hidden-1} with temperatures from 0.1 to 10. */
    public static AdaptiveTemperature of(int features, int hidden) {
        return new AdaptiveTemperature(Mlp.of(Activation.RELU, features, hidden, 1), features, 0.1, 10);
    }

    @Override
    public Params params(Random random) {
        return g.params(random);
    }

    @Override
    public Params state() {
        return g.state();
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        if (x.rank() != 2 || x.dim(1) <= features) throw new IllegalArgumentException("AdaptiveTemperature: x is " + x.shape() + ", expected (n, " + features + " features and the logits)");
        Tensor t = g.forward(x.narrow(1, 0, features), at);
        if (t.rank() != 2 || t.dim(1) != 1) throw new IllegalArgumentException("AdaptiveTemperature: g gives " + t.shape() + ", expected (n, 1)");
        return x.narrow(1, features, x.dim(1)).div(t.add(1).clamp(low, high));
    }
}
