package lemma.nn;

import java.util.ArrayList;
import java.util.List;

/**
 * Cools down, hardens and prunes the {@link SelectableKanLinear} layers of a model: the layer itself, or such as stand in a {@link Sequential} or a
 * {@link KanConv2d}, at any depth.
 */
public final class KanPruning {
    private KanPruning() {}

    /** The same model whose selections cool by {@code factor} in each training pass; 1 keeps the temperature. */
    public static Model cooling(Model model, double factor) {
        return mapped(model, (layer, params, state) -> new Model(layer.withCooling(factor), params, state));
    }

    /** The same model with each selection as sharp as can be: the largest has weight 1, the others 0. */
    public static Model harden(Model model) {
        return mapped(model, (layer, params, state) -> new Model(layer, layer.hard(params), state));
    }

    /** The model without all branches but the selected ones: exactly the function of {@link #harden}, at the cost of one basis an edge. */
    public static Model prune(Model model) {
        return mapped(model, (layer, params, state) -> new Model(layer.pruned(params), layer.kept(params, state), Params.EMPTY));
    }

    /** The selected basis of each input of each selectable or pruned layer, in order, as places in its pool. */
    public static List<List<Integer>> selected(Model model) {
        Model pruned = prunedOrSame(model);
        List<List<Integer>> all = new ArrayList<>();
        collect(pruned.module(), all);
        return all;
    }

    private static Model prunedOrSame(Model model) {
        return model.params().names().stream().anyMatch(KanPruning::isSelection) ? prune(model) : model;
    }

    private static void collect(Module module, List<List<Integer>> into) {
        switch (module) {
            case PrunedKanLinear layer -> into.add(layer.chosen());
            case KanConv2d layer -> collect(layer.edges(), into);
            case Sequential chain -> chain.modules().forEach(m -> collect(m, into));
            default -> { }
        }
    }

    @FunctionalInterface
    private interface Change {
        Model of(SelectableKanLinear layer, Params params, Params state);
    }

    private static Model mapped(Model model, Change change) {
        if (model.params().names().stream().noneMatch(KanPruning::isSelection)) {
            throw new IllegalArgumentException("KanPruning: the model has no selectable layer; it is " + model.module());
        }
        return map(model.module(), model.params(), model.state(), change);
    }

    private static boolean isSelection(String name) {
        return name.equals("selection") || name.endsWith(".selection");
    }

    private static Model map(Module module, Params params, Params state, Change change) {
        return switch (module) {
            case SelectableKanLinear layer -> change.of(layer, params, state);
            case KanConv2d layer -> {
                Model edges = map(layer.edges(), under("edges", params), under("edges", state), change);
                yield new Model(layer.withEdges(edges.module()), Params.EMPTY.withChild("edges", edges.params()), Params.EMPTY.withChild("edges", edges.state()));
            }
            case Sequential chain -> {
                List<Module> modules = new ArrayList<>();
                Params allParams = Params.EMPTY;
                Params allState = Params.EMPTY;
                for (int i = 0; i < chain.modules().size(); i++) {
                    String name = Integer.toString(i);
                    Model part = map(chain.modules().get(i), under(name, params), under(name, state), change);
                    modules.add(part.module());
                    allParams = allParams.withChild(name, part.params());
                    allState = allState.withChild(name, part.state());
                }
                yield new Model(new Sequential(modules), allParams, allState);
            }
            default -> unchanged(module, params, state);
        };
    }

    private static Model unchanged(Module module, Params params, Params state) {
        if (params.names().stream().anyMatch(KanPruning::isSelection)) {
            throw new IllegalArgumentException("KanPruning: a selectable layer stands in a " + module.getClass().getSimpleName() + ", expected it in Sequential or KanConv2d alone");
        }
        return new Model(module, params, state);
    }

    private static Params under(String path, Params all) {
        String prefix = path + ".";
        Params own = Params.EMPTY;
        for (String name : all.names()) if (name.startsWith(prefix)) own = own.with(name.substring(prefix.length()), all.get(name));
        return own;
    }
}
