package lemma.nn;

import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * A module of which two parameters are one: {@code alias} is left out of the parameters and read from {@code source}, whose gradient is the
 * sum over both uses. For a language model that reads and writes with one table: {@code Tied.of(net, "4.weight", "0.weight")}.
 *
 * @see <a href="https://arxiv.org/abs/1608.05859">Press, Wolf (2017), Using the output embedding to improve language models</a>
 */
public record Tied(Module module, String alias, String source) implements Module {
    public static Tied of(Module module, String alias, String source) {
        return new Tied(module, alias, source);
    }

    @Override
    public Params params(Random random) {
        Params all = module.params(random);
        Tensor from = all.get(source);
        if (!from.shape().equals(all.get(alias).shape())) throw new IllegalArgumentException("Tied: " + alias + " has shape " + all.get(alias).shape() + ", " + source + " " + from.shape() + "; they must be equal");
        return all.without(alias);
    }

    @Override
    public Params state() {
        return module.state();
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        return module.forward(x, at.withParam(alias, at.param(source)));
    }
}
