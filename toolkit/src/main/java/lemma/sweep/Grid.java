package lemma.sweep;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * All combinations of values, as scikit-learn's ParameterGrid gives them; the last name varies fastest.
 *
 * <pre>{@code
 * Grid grid = Grid.of("width", 16, 32, 64).with("rate", 1e-3, 1e-2).with("schedule", "cosine", "wsd").where(c -> c.integer("width") < 64 || c.number("rate") < 1e-2);
 * }</pre>
 */
public final class Grid {
    private final List<String> names;
    private final List<Config> configs;

    private Grid(List<String> names, List<Config> configs) {
        this.names = names;
        this.configs = configs;
    }

    /**
     * One name and its values: numbers, text, booleans, or one array or collection of them. Whole numbers among others become doubles.
     *
     * @throws IllegalArgumentException if there are no values, one stands twice, or one is of another kind
     */
    public static Grid of(String name, Object... values) {
        return new Grid(List.of(), List.of(new Config(List.of(), List.of(), 0))).with(name, values);
    }

    /** Every combination of these configurations with the values of one more name. */
    public Grid with(String name, Object... values) {
        checkName(name);
        List<Object> axis = axis(name, values);
        List<String> more = append(names, name);
        List<Config> product = new ArrayList<>();
        for (Config c : configs) for (Object value : axis) product.add(new Config(more, append(c.values(), value), 0));
        return new Grid(more, List.copyOf(product));
    }

    /** The configurations that {@code kept} accepts. */
    public Grid where(Predicate<Config> kept) {
        return new Grid(names, configs.stream().filter(kept).toList());
    }

    /** These configurations and those of {@code other}, each once. */
    public Grid and(Grid other) {
        if (!names.equals(other.names)) throw new IllegalArgumentException("Grid: cannot join a grid of " + names + " and one of " + other.names);
        List<Config> all = new ArrayList<>(configs);
        other.configs.stream().filter(c -> !configs.contains(c)).forEach(all::add);
        for (int j = 0; j < names.size(); j++) checkKinds(j, all);
        return new Grid(names, List.copyOf(all));
    }

    public List<String> names() {
        return names;
    }

    public int size() {
        return configs.size();
    }

    /** The configurations, with seed 0. */
    public List<Config> configs() {
        return configs;
    }

    @Override
    public String toString() {
        return "Grid of " + names + ", " + configs.size() + " configurations";
    }

    private void checkKinds(int j, List<Config> all) {
        Set<Class<?>> kinds = new HashSet<>();
        for (Config c : all) kinds.add(c.values().get(j).getClass());
        if (kinds.size() > 1) throw new IllegalArgumentException("Grid: \"" + names.get(j) + "\" has values of " + kinds.size() + " kinds, such as " + configs.getFirst().values().get(j) + " and " + all.getLast().values().get(j));
    }

    private void checkName(String name) {
        if (name.isBlank() || !isPlain(name)) throw new IllegalArgumentException("Grid: a name is \"" + name + "\", expected text without tabs and line breaks");
        if (name.equals(Sweep.SEED)) throw new IllegalArgumentException("Grid: seeds are given to Sweep.seeds(...), not to the grid");
        if (names.contains(name)) throw new IllegalArgumentException("Grid: \"" + name + "\" stands twice");
    }

    static boolean isPlain(String text) {
        return text.chars().noneMatch(c -> c == '\t' || c == '\n' || c == '\r');
    }

    private static List<Object> axis(String name, Object[] given) {
        List<Object> values = elements(given).stream().map(value -> checked(name, value)).toList();
        if (values.isEmpty()) throw new IllegalArgumentException("Grid: no values for \"" + name + "\"");
        boolean numbers = values.stream().allMatch(Number.class::isInstance);
        boolean whole = values.stream().allMatch(Long.class::isInstance);
        if (numbers && !whole) values = values.stream().map(value -> (Object) ((Number) value).doubleValue()).toList();
        if (!numbers && values.stream().map(Object::getClass).distinct().count() > 1) throw new IllegalArgumentException("Grid: \"" + name + "\" mixes kinds of values: " + values);
        if (new HashSet<>(values).size() < values.size()) throw new IllegalArgumentException("Grid: a value of \"" + name + "\" stands twice: " + values);
        return values;
    }

    private static List<?> elements(Object[] given) {
        if (given.length != 1) return Arrays.asList(given);
        return switch (given[0]) {
            case int[] a -> Arrays.stream(a).boxed().toList();
            case long[] a -> Arrays.stream(a).boxed().toList();
            case double[] a -> Arrays.stream(a).boxed().toList();
            case float[] a -> IntStream.range(0, a.length).mapToObj(i -> a[i]).toList();
            case Collection<?> c -> List.copyOf(c);
            case null, default -> Arrays.asList(given);
        };
    }

    private static Object checked(String name, Object value) {
        return switch (value) {
            case Integer n -> (Object) n.longValue();
            case Long n -> n;
            case Float f when Float.isFinite(f) -> (Object) f.doubleValue();
            case Double d when Double.isFinite(d) -> d;
            case Boolean b -> b;
            case String s when isPlain(s) -> s;
            case Enum<?> e -> e.name();
            case null, default -> throw new IllegalArgumentException("Grid: \"" + name + "\" has the value " + value + ", expected finite numbers, booleans, or text without tabs and line breaks");
        };
    }

    private static <T> List<T> append(List<T> list, T last) {
        List<T> longer = new ArrayList<>(list);
        longer.add(last);
        return List.copyOf(longer);
    }
}
