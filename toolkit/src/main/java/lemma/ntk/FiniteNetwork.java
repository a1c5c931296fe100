package lemma.ntk;

import lemma.nn.Bound;
import lemma.nn.Module;
import lemma.nn.Params;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/** A finite network that remembers its description. */
record FiniteNetwork(Network network, Shape in, Module module) implements Module {
    @Override
    public Params params(Random random) {
        return module.params(random);
    }

    @Override
    public Params state() {
        return module.state();
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        return module.forward(x, at);
    }

    @Override
    public String toString() {
        return module.toString();
    }
}
