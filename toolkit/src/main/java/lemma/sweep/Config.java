package lemma.sweep;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One run of a {@link Sweep}: a value for each name of the grid, and a seed.
 *
 * @param names names of the grid, in its order
 * @param values a Long, Double, Boolean or String for each
 * @param seed of the random numbers of the run
 */
public record Config(List<String> names, List<Object> values, long seed) implements Serializable {
    public Config {
        names = List.copyOf(names);
        values = List.copyOf(values);
        if (names.size() != values.size()) throw new IllegalArgumentException("Config: " + values.size() + " values for the names " + names);
    }

    /** The value of {@code name} as the grid has it. */
    public Object get(String name) {
        int i = names.indexOf(name);
        if (i < 0) throw new IllegalArgumentException("Config: no \"" + name + "\", the grid has " + names);
        return values.get(i);
    }

    /** A whole number such as a width. */
    public int integer(String name) {
        if (get(name) instanceof Long n && n == n.intValue()) return n.intValue();
        throw wrong(name, "an int");
    }

    /** A number, whole or not, such as a learning rate. */
    public double number(String name) {
        if (get(name) instanceof Number n) return n.doubleValue();
        throw wrong(name, "a number");
    }

    public String text(String name) {
        if (get(name) instanceof String s) return s;
        throw wrong(name, "text");
    }

    public boolean flag(String name) {
        if (get(name) instanceof Boolean b) return b;
        throw wrong(name, "true or false");
    }

    private IllegalArgumentException wrong(String name, String expected) {
        return new IllegalArgumentException("Config: \"" + name + "\" is " + get(name) + ", not " + expected);
    }

    Config withSeed(long other) {
        return new Config(names, values, other);
    }

    /** What a line of a file begins with: the values and the seed. */
    List<String> cells() {
        List<String> cells = new ArrayList<>();
        for (Object value : values) cells.add(Objects.toString(value));
        cells.add(Long.toString(seed));
        return cells;
    }

    /** {@code width=64, rate=0.001, seed=0}. */
    @Override
    public String toString() {
        return IntStream.range(0, names.size()).mapToObj(i -> names.get(i) + "=" + values.get(i) + ", ").collect(Collectors.joining()) + "seed=" + seed;
    }
}
