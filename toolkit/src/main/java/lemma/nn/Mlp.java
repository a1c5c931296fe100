package lemma.nn;

import java.util.ArrayList;
import java.util.List;

/** Multi-layer perceptrons: linear layers with an activation between each two. */
public final class Mlp {
    private Mlp() {}

    /** Layers of widths {@code widths}, input first, output last; {@code Mlp.of(Activation.RELU, 784, 512, 10)} has one hidden layer. */
    public static Sequential of(Activation activation, int... widths) {
        if (widths.length < 2) throw new IllegalArgumentException("Mlp: " + widths.length + " widths, expected at least input and output");
        List<Module> layers = new ArrayList<>();
        for (int i = 1; i < widths.length; i++) {
            if (i > 1) layers.add(activation);
            layers.add(Linear.of(widths[i - 1], widths[i]));
        }
        return new Sequential(layers);
    }
}
