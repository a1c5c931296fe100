package lemma.optim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lemma.nn.Params;
import lemma.tensor.Tensor;

/** What optimisers share that step every tensor on its own. */
final class EachTensor {
    private EachTensor() {}

    /** The step of one tensor: {@code [p', slots...]} from parameter, gradient and slots. */
    @FunctionalInterface
    interface Rule {
        Tensor[] next(Tensor p, Tensor g, Tensor[] slots);
    }

    /** A state of {@code slots} tensors of zeros for each parameter. */
    static Optimiser.State zeros(Params params, int slots) {
        List<Params> all = new ArrayList<>();
        for (int i = 0; i < slots; i++) all.add(params.map(Tensor::zerosLike));
        return new Optimiser.State(0, all);
    }

    static Optimiser.Update step(Params params, Params gradients, Optimiser.State state, Rule rule) {
        int n = state.slots().size();
        Map<String, Tensor> next = new LinkedHashMap<>();
        List<Map<String, Tensor>> slots = new ArrayList<>();
        for (int i = 0; i < n; i++) slots.add(new LinkedHashMap<>());
        params.asMap().forEach((name, p) -> {
            Tensor[] old = new Tensor[n];
            for (int i = 0; i < n; i++) old[i] = state.slots().get(i).get(name);
            Tensor[] out = rule.next(p, gradients.get(name), old);
            next.put(name, out[0]);
            for (int i = 0; i < n; i++) slots.get(i).put(name, out[i + 1]);
        });
        return new Optimiser.Update(Params.of(next), new Optimiser.State(state.step() + 1, slots.stream().map(Params::of).toList()));
    }

    /** {@code g + decay p}: the gradient with weight decay as a penalty {@code decay |p|^2 / 2} of the loss. */
    static Tensor withDecay(Tensor g, Tensor p, double decay) {
        return decay == 0 ? g : g.add(p.mul(decay));
    }

    /** {@code keep a + (1 - keep) b}. */
    static Tensor mix(double keep, Tensor a, Tensor b) {
        return a.mul(keep).add(b.mul(1 - keep));
    }

    static void checkNotNegative(String optimiser, String what, double value) {
        if (!(value >= 0)) throw new IllegalArgumentException(optimiser + ": " + what + " is " + value + ", expected at least 0");
    }

    static void checkFraction(String optimiser, String what, double value) {
        if (!(value >= 0 && value < 1)) throw new IllegalArgumentException(optimiser + ": " + what + " is " + value + ", expected 0 to less than 1");
    }
}
