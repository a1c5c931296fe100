package lemma.optim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import lemma.nn.Model;
import lemma.nn.Module;
import lemma.nn.Params;
import lemma.tensor.Random;
import lemma.tensor.Shape;

/**
 * The maximal-update parametrisation (muP) of any family of modules, as a rule for initial weights and learning rates: a rate that was tuned at the
 * base width serves at any width. With {@code m} the growth of the fan-in (of the width, for vectors) since the base width:
 *
 * <table>
 * <caption>factors on what the module and the optimiser have at the base width</caption>
 * <tr><th></th><th>input weights, biases, gains</th><th>hidden weights</th><th>output weights</th></tr>
 * <tr><td>initial deviation beyond {@code 1/sqrt(fan-in)}</td><td>1</td><td>1</td><td>{@code 1/sqrt(m)}</td></tr>
 * <tr><td>rate of SGD</td><td>{@code m}</td><td>1</td><td>{@code 1/m}</td></tr>
 * <tr><td>rate of Adam</td><td>1</td><td>{@code 1/m}</td><td>{@code 1/m}</td></tr>
 * </table>
 *
 * <p>What a parameter is follows from the axes that grow with the width, in PyTorch's layout {@code (out, in, ...)}: both in a hidden weight, the
 * first alone in an input weight, the second alone in an output weight. Modules must draw hidden and output weights with a variance of
 * {@code 1/fan-in} up to a constant, as PyTorch's do. If the length of attention's keys grows, scores must be divided by it, not by its root.
 *
 * <pre>{@code
 * MuP mup = MuP.of(n -> Mlp.of(Activation.RELU, 64, n, n, 10), 128);
 * Model wide = mup.init(4096, Random.seed(1));
 * Trainer.of(wide, mup.adam(4096, factor -> Adam.of(1e-3 * factor)))
 * }</pre>
 *
 * @see <a href="https://arxiv.org/abs/2203.03466">Yang et al. (2022), Tensor programs V: tuning large neural networks via zero-shot hyperparameter transfer, table 3</a>
 */
public final class MuP {
    /** What a parameter is between layers that grow and layers that do not. */
    public enum Role {
        /** From a fixed number of inputs to the width, and all vectors as long as the width. */
        INPUT,
        /** From width to width. */
        HIDDEN,
        /** From the width to a fixed number of outputs. */
        OUTPUT,
        /** Of a shape that does not depend on the width. */
        FIXED
    }

    private final IntFunction<Module> family;
    private final int base;
    private final List<Named> named;
    private final List<Branch> branches;

    private record Named(Predicate<String> takes, Role role) {}

    private record Branch(Predicate<String> takes, double growth) {}

    private MuP(IntFunction<Module> family, int base, List<Named> named, List<Branch> branches) {
        this.family = family;
        this.base = base;
        this.named = List.copyOf(named);
        this.branches = List.copyOf(branches);
    }

    /** The modules that {@code family} gives for a width; at {@code baseWidth} everything is as without this rule. */
    public static MuP of(IntFunction<Module> family, int baseWidth) {
        if (baseWidth < 1) throw new IllegalArgumentException("MuP: base width is " + baseWidth + ", expected at least 1");
        return new MuP(family, baseWidth, List.of(), List.of());
    }

    /**
     * Says what the parameters named by {@code pattern} are, {@code *} standing for any characters. An embedding table {@code (count, n)} has the
     * shape of an output weight and must be named as {@link Role#INPUT}.
     */
    public MuP with(String pattern, Role role) {
        List<Named> more = new ArrayList<>(named);
        more.add(new Named(Groups.named(pattern), role));
        return new MuP(family, base, more, branches);
    }

    /**
     * Depth-muP: every residual branch shrinks by {@code 1/sqrt(growth)}, {@code growth} being the number of branches over that at which rates were
     * tuned. Named are the last weights of the branches, and their biases, where the branch is linear in them: there the multiplier is the same as
     * initial values times {@code 1/sqrt(growth)} and rates, of SGD and of Adam, times {@code 1/growth}. Other weights inside branches keep
     * their rate for SGD; a branch of one layer has none.
     *
     * @see <a href="https://arxiv.org/abs/2310.02244">Yang et al. (2023), Tensor programs VI: feature learning in infinite-depth neural networks</a>
     */
    public MuP withBranches(String pattern, double growth) {
        if (!(growth > 0)) throw new IllegalArgumentException("MuP: depth growth is " + growth + ", expected above 0");
        List<Branch> more = new ArrayList<>(branches);
        more.add(new Branch(Groups.named(pattern), growth));
        return new MuP(family, base, named, more);
    }

    /**
     * The role of every parameter.
     *
     * @throws IllegalArgumentException if several parameters that are not named look like output weights
     */
    public Map<String, Role> roles() {
        Params small = shapes(base);
        Params large = shapes(2 * base);
        if (!small.names().equals(large.names())) throw new IllegalArgumentException("MuP: the family has other parameters at width " + base + " than at " + 2 * base + ": " + small.names() + " and " + large.names());
        Map<String, Role> roles = new LinkedHashMap<>();
        List<String> guessed = new ArrayList<>();
        for (String name : small.names()) {
            Role given = named.stream().filter(n -> n.takes.test(name)).map(Named::role).findFirst().orElse(null);
            Role role = given == null ? role(small.get(name).shape(), large.get(name).shape()) : given;
            if (given == null && role == Role.OUTPUT) guessed.add(name);
            roles.put(name, role);
        }
        if (guessed.size() > 1) throw new IllegalArgumentException("MuP: " + guessed + " all look like output weights; name them with(pattern, role), INPUT for embeddings");
        return roles;
    }

    private Params shapes(int width) {
        return family.apply(width).params(Random.seed(0));
    }

    private static Role role(Shape small, Shape large) {
        boolean first = small.rank() > 0 && large.dim(0) > small.dim(0);
        boolean second = small.rank() > 1 && large.dim(1) > small.dim(1);
        if (first) return second ? Role.HIDDEN : Role.INPUT;
        return second ? Role.OUTPUT : Role.FIXED;
    }

    /** The module of that width with initial weights of this parametrisation. */
    public Model init(int width, Random random) {
        Model model = family.apply(width).init(random);
        Map<String, Double> growth = growth(model.params());
        Map<String, Role> roles = roles();
        return model.with(model.params().mapNamed((name, p) -> {
            double factor = (roles.get(name) == Role.OUTPUT ? 1 / Math.sqrt(growth.get(name)) : 1) / Math.sqrt(depthGrowth(name));
            return factor == 1 ? p : p.mul(factor);
        }));
    }

    /** m of every parameter: how much its second axis has grown, or its first where the second does not grow. */
    private Map<String, Double> growth(Params params) {
        Params small = shapes(base);
        Map<String, Double> growth = new LinkedHashMap<>();
        params.asMap().forEach((name, p) -> {
            Shape from = small.get(name).shape();
            double first = from.rank() > 0 ? p.dim(0) / (double) from.dim(0) : 1;
            double second = from.rank() > 1 ? p.dim(1) / (double) from.dim(1) : 1;
            growth.put(name, second == 1 ? first : second);
        });
        return growth;
    }

    private double depthGrowth(String name) {
        return branches.stream().filter(b -> b.takes.test(name)).mapToDouble(Branch::growth).findFirst().orElse(1);
    }

    /** What the learning rate of SGD is multiplied by, for each parameter at this width. */
    public Map<String, Double> sgdFactors(int width) {
        return factors(width, Map.of(Role.INPUT, 1, Role.HIDDEN, 0, Role.OUTPUT, -1, Role.FIXED, 0));
    }

    /** What the learning rate of Adam is multiplied by, for each parameter at this width. */
    public Map<String, Double> adamFactors(int width) {
        return factors(width, Map.of(Role.INPUT, 0, Role.HIDDEN, -1, Role.OUTPUT, -1, Role.FIXED, 0));
    }

    private Map<String, Double> factors(int width, Map<Role, Integer> power) {
        Map<String, Role> roles = roles();
        Map<String, Double> factors = growth(shapes(width));
        factors.replaceAll((name, m) -> Math.pow(m, power.get(roles.get(name))) / depthGrowth(name));
        return factors;
    }

    /** SGD, with momentum or without: {@code atFactor} makes it with its rate times a factor. */
    public Groups sgd(int width, DoubleFunction<? extends Optimiser> atFactor) {
        return Groups.byFactor(sgdFactors(width), atFactor);
    }

    /**
     * Adam, or another optimiser whose steps do not depend on the size of gradients: {@code atFactor} makes it with its rate times a factor.
     * Decoupled weight decay is multiplied by the rate; divide it by the factor.
     */
    public Groups adam(int width, DoubleFunction<? extends Optimiser> atFactor) {
        return Groups.byFactor(adamFactors(width), atFactor);
    }
}
