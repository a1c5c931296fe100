package lemma.ntk;

import java.util.function.UnaryOperator;
import lemma.nn.Bound;
import lemma.nn.Model;
import lemma.nn.Module;
import lemma.nn.Params;
import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * An MLP without biases in an {@link AbcParametrization}: {@code h^1 = W^1 x, x^l = s(h^l), h^(l+1) = W^(l+1) x^l}, all hidden layers of one width.
 *
 * @param activation s, element by element
 */
public record AbcMlp(AbcParametrization abc, UnaryOperator<Tensor> activation, int inputs, int width, int outputs) implements Module {
    public AbcMlp {
        if (inputs < 1 || width < 1 || outputs < 1) throw new IllegalArgumentException("AbcMlp: " + inputs + " inputs, width " + width + ", " + outputs + " outputs, expected at least 1 each");
    }

    /** {@code w1 (n, d), w2 (n, n), ..}, before multiplication. */
    @Override
    public Params params(Random random) {
        Params p = Params.EMPTY;
        int last = abc.hidden() + 1;
        for (int l = 1; l <= last; l++) {
            Tensor w = random.normal(l == last ? outputs : width, l == 1 ? inputs : width);
            p = p.with("w" + l, w.mul(abc.deviation(l, width)));
        }
        return p;
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        Tensor h = x;
        int last = abc.hidden() + 1;
        for (int l = 1; l < last; l++) h = activation.apply(layer(l, h, at.param("w" + l)));
        return layer(last, h, at.param("w" + last));
    }

    private Tensor layer(int l, Tensor x, Tensor w) {
        return Functional.linear(x, w, null).mul(abc.multiplier(l, width));
    }

    /** The activations {@code x^L} of the last hidden layer, (examples, n). */
    public Tensor features(Model model, Tensor x) {
        Tensor h = x;
        for (int l = 1; l <= abc.hidden(); l++) h = activation.apply(layer(l, h, model.params().get("w" + l)));
        return h;
    }

    @Override
    public String toString() {
        return "AbcMlp(" + inputs + ", " + abc.hidden() + " x " + width + ", " + outputs + ")";
    }
}
