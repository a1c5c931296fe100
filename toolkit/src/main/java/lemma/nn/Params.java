package lemma.nn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import lemma.tensor.Tensor;
import lemma.tensor.Tree;

/** Named tensors in a fixed order: the parameters of a model, their gradients, or the state of an optimiser. Immutable. */
public final class Params implements Tree<Params> {
    public static final Params EMPTY = new Params(new LinkedHashMap<>());

    private final Map<String, Tensor> tensors;

    private Params(LinkedHashMap<String, Tensor> tensors) {
        this.tensors = Collections.unmodifiableMap(tensors);
    }

    /** The tensors of {@code map}, in its order. */
    public static Params of(Map<String, Tensor> map) {
        return new Params(new LinkedHashMap<>(map));
    }

    /** One named tensor. */
    public static Params of(String name, Tensor tensor) {
        return EMPTY.with(name, tensor);
    }

    /** These and one more, or one replaced. */
    public Params with(String name, Tensor tensor) {
        LinkedHashMap<String, Tensor> more = new LinkedHashMap<>(tensors);
        more.put(name, tensor);
        return new Params(more);
    }

    /** These but for the one of that name, which must be there. */
    public Params without(String name) {
        get(name);
        LinkedHashMap<String, Tensor> fewer = new LinkedHashMap<>(tensors);
        fewer.remove(name);
        return new Params(fewer);
    }

    /** These and those of {@code other}, whose names get the prefix {@code path + "."}. */
    public Params withChild(String path, Params other) {
        LinkedHashMap<String, Tensor> more = new LinkedHashMap<>(tensors);
        other.tensors.forEach((name, t) -> more.put(path + "." + name, t));
        return new Params(more);
    }

    /** What {@link #withChild} has put under {@code path}, under its own names. */
    public Params child(String path) {
        String prefix = path + ".";
        Map<String, Tensor> own = new LinkedHashMap<>();
        for (String name : names()) if (name.startsWith(prefix)) own.put(name.substring(prefix.length()), get(name));
        return Params.of(own);
    }

    /** The tensor of that name. */
    public Tensor get(String name) {
        Tensor t = tensors.get(name);
        if (t == null) throw new IllegalArgumentException("Params: no '" + name + "'; there are " + tensors.keySet());
        return t;
    }

    /** True if there is a tensor of that name. */
    public boolean has(String name) {
        return tensors.containsKey(name);
    }

    /** The names, in order. */
    public List<String> names() {
        return List.copyOf(tensors.keySet());
    }

    /** Name to tensor, in order. */
    public Map<String, Tensor> asMap() {
        return tensors;
    }

    @Override
    public List<Tensor> tensors() {
        return new ArrayList<>(tensors.values());
    }

    @Override
    public Params map(UnaryOperator<Tensor> f) {
        return mapNamed((name, t) -> f.apply(t));
    }

    /** Every tensor replaced by {@code f} of its name and itself. */
    public Params mapNamed(BiFunction<String, Tensor, Tensor> f) {
        LinkedHashMap<String, Tensor> out = new LinkedHashMap<>();
        tensors.forEach((name, t) -> out.put(name, f.apply(name, t)));
        return new Params(out);
    }

    /** Tensors of the same name combined. */
    public Params zip(Params other, BinaryOperator<Tensor> f) {
        if (!tensors.keySet().equals(other.tensors.keySet())) {
            throw new IllegalArgumentException("Params: names differ: " + tensors.keySet() + " and " + other.tensors.keySet());
        }
        return mapNamed((name, t) -> f.apply(t, other.get(name)));
    }

    /** Number of elements of all tensors. */
    public long count() {
        return tensors.values().stream().mapToLong(Tensor::size).sum();
    }

    /** Euclidean norm of all elements together. */
    public double norm() {
        return Math.sqrt(tensors.values().stream().mapToDouble(t -> t.square().sum().item()).sum());
    }

    /** Name, type and shape, a line each, and the number of elements. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        int width = tensors.keySet().stream().mapToInt(String::length).max().orElse(0);
        tensors.forEach((name, t) -> out.append(String.format("%-" + Math.max(1, width) + "s  %-8s %s%n", name, t.dtype(), t.shape())));
        return out.append(String.format("%,d parameters", count())).toString();
    }
}
