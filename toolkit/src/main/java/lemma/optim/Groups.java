package lemma.optim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.DoubleFunction;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import lemma.nn.Params;
import lemma.tensor.Tensor;

/**
 * Groups of parameters with settings of their own. A parameter belongs to the first group that takes it, and to the rest if none does.
 *
 * <pre>{@code
 * Groups.of(AdamW.of(1e-3)).with(Groups.NORMS_AND_BIASES, AdamW.of(1e-3).withWeightDecay(0)).with("head.*", AdamW.of(1e-4))
 * }</pre>
 */
public final class Groups implements Optimiser {
    /** Takes parameters of at most one axis: biases and the scales of norms, which are usually not decayed. */
    public static final BiPredicate<String, Tensor> NORMS_AND_BIASES = (name, p) -> p.rank() <= 1;

    private final List<Group> groups;
    private final Optimiser rest;

    private record Group(BiPredicate<String, Tensor> takes, Optimiser optimiser) {}

    private Groups(List<Group> groups, Optimiser rest) {
        this.groups = groups;
        this.rest = rest;
    }

    /** One group: all parameters. */
    public static Groups of(Optimiser rest) {
        return new Groups(List.of(), rest);
    }

    /**
     * A group for every factor: {@code atFactor} makes the optimiser with its rate times a factor. Parameters that are not named have the factor 1.
     *
     * @param factors by the name of the parameter
     */
    public static Groups byFactor(Map<String, Double> factors, DoubleFunction<? extends Optimiser> atFactor) {
        Map<String, Double> own = Map.copyOf(factors);
        Groups groups = of(atFactor.apply(1));
        for (double factor : factors.values().stream().distinct().toList()) {
            if (factor != 1) groups = groups.with((name, p) -> own.getOrDefault(name, 1.0) == factor, atFactor.apply(factor));
        }
        return groups;
    }

    /** {@code optimiser} for the parameters whose whole name matches {@code pattern}, in which {@code *} stands for any characters. */
    public Groups with(String pattern, Optimiser optimiser) {
        Predicate<String> named = named(pattern);
        return with((name, p) -> named.test(name), optimiser);
    }

    /** Takes names that match {@code pattern} as a whole; {@code *} stands for any characters. */
    static Predicate<String> named(String pattern) {
        StringBuilder regex = new StringBuilder();
        for (String part : pattern.split("\\*", -1)) regex.append(regex.isEmpty() ? "" : ".*").append(part.isEmpty() ? "(?:)" : Pattern.quote(part));
        return Pattern.compile(regex.toString()).asMatchPredicate();
    }

    /** {@code optimiser} for the parameters that {@code takes} takes. */
    public Groups with(BiPredicate<String, Tensor> takes, Optimiser optimiser) {
        List<Group> more = new ArrayList<>(groups);
        more.add(new Group(takes, optimiser));
        return new Groups(more, rest);
    }

    /** Rate of the parameters that no group takes. */
    @Override
    public double learningRate(long step) {
        return rest.learningRate(step);
    }

    @Override
    public State init(Params params) {
        Merged all = new Merged();
        split(params).forEach((optimiser, part) -> all.add(optimiser.init(part)));
        return new State(0, all.slots());
    }

    @Override
    public Update step(Params params, Params gradients, State state) {
        Map<String, Tensor> next = new LinkedHashMap<>();
        Merged all = new Merged();
        split(params).forEach((optimiser, part) -> {
            Update update = optimiser.step(part, part.mapNamed((name, p) -> gradients.get(name)), stateOf(part, state));
            next.putAll(update.params().asMap());
            all.add(update.state());
        });
        return new Update(params.mapNamed((name, p) -> next.get(name)), new State(state.step() + 1, all.slots()));
    }

    @Override
    public Params forEvaluation(Params params, State state) {
        Map<String, Tensor> out = new LinkedHashMap<>();
        split(params).forEach((optimiser, part) -> out.putAll(optimiser.forEvaluation(part, stateOf(part, state)).asMap()));
        return params.mapNamed((name, p) -> out.get(name));
    }

    private Map<Optimiser, Params> split(Params params) {
        Map<Optimiser, Params> parts = new LinkedHashMap<>();
        params.asMap().forEach((name, p) -> {
            Optimiser o = groups.stream().filter(g -> g.takes.test(name, p)).map(Group::optimiser).findFirst().orElse(rest);
            parts.put(o, parts.getOrDefault(o, Params.EMPTY).with(name, p));
        });
        return parts;
    }

    private static State stateOf(Params part, State state) {
        List<Params> slots = new ArrayList<>();
        String any = part.names().getFirst();
        for (Params slot : state.slots()) if (slot.has(any)) slots.add(part.mapNamed((name, p) -> slot.get(name)));
        return new State(state.step(), slots);
    }

    /** Slots of several groups by number: the first of each group together, the second, and so on. */
    private static final class Merged {
        private final List<Map<String, Tensor>> slots = new ArrayList<>();

        void add(State state) {
            for (int i = 0; i < state.slots().size(); i++) {
                if (i == slots.size()) slots.add(new LinkedHashMap<>());
                slots.get(i).putAll(state.slots().get(i).asMap());
            }
        }

        List<Params> slots() {
            return slots.stream().map(Params::of).toList();
        }
    }
}
