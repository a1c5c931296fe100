package lemma.dynamics;

import java.util.ArrayList;
import java.util.List;
import lemma.nn.Activation;
import lemma.nn.Linear;
import lemma.nn.Module;
import lemma.nn.Residual;
import lemma.nn.Sequential;

/**
 * Residual perceptrons without biases: {@code h = W x}, then {@code h = h + W_l s(h)} for every one of {@code blocks}, and {@code W_out s(h)}.
 * The weights of the branches are named {@code 1.1.weight, 2.1.weight, ..}: {@link #BRANCHES} for {@link lemma.optim.MuP#withBranches}.
 */
public final class ResidualMlp {
    /** Pattern of the names of the weights on the branches. */
    public static final String BRANCHES = "*.1.weight";

    private ResidualMlp() {}

    /** {@code inputs} to {@code width}, {@code blocks} residual blocks, and {@code outputs}. */
    public static Sequential of(Activation activation, int inputs, int width, int blocks, int outputs) {
        if (blocks < 1) throw new IllegalArgumentException("ResidualMlp: " + blocks + " blocks, expected at least 1");
        List<Module> layers = new ArrayList<>();
        layers.add(Linear.of(inputs, width).withoutBias());
        for (int l = 0; l < blocks; l++) layers.add(Residual.of(Sequential.of(activation, Linear.of(width, width).withoutBias())));
        layers.add(activation);
        layers.add(Linear.of(width, outputs).withoutBias());
        return new Sequential(layers);
    }
}
