package lemma.nn;

import java.util.List;
import java.util.stream.Collectors;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/** Modules one after the other; parameters are named {@code 0.weight, 0.bias, 1.weight, ...}. */
public record Sequential(List<Module> modules) implements Module {
    public Sequential {
        modules = List.copyOf(modules);
    }

    public static Sequential of(Module... modules) {
        return new Sequential(List.of(modules));
    }

    @Override
    public Params params(Random random) {
        Params all = Params.EMPTY;
        for (int i = 0; i < modules.size(); i++) all = all.withChild(Integer.toString(i), modules.get(i).params(random));
        return all;
    }

    @Override
    public Params state() {
        Params all = Params.EMPTY;
        for (int i = 0; i < modules.size(); i++) all = all.withChild(Integer.toString(i), modules.get(i).state());
        return all;
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        Tensor y = x;
        for (int i = 0; i < modules.size(); i++) y = at.apply(Integer.toString(i), modules.get(i), y);
        return y;
    }

    @Override
    public String toString() {
        return modules.stream().map(Object::toString).collect(Collectors.joining(" -> "));
    }
}
