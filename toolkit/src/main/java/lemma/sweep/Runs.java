package lemma.sweep;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/**
 * What a {@link Sweep} has found, read by configuration: choose settings by the mean of one result over the seeds, and report another.
 *
 * <pre>{@code
 * Runs tuned = Runs.of(table).where("loss", "CE").best("validation");
 * double[] perSeed = tuned.values("test");
 * }</pre>
 *
 * @param table the rows: columns of the grid, the seed, results and labels
 */
public record Runs(Table table) {
    public Runs {
        if (!table.columnNames().contains(Sweep.SEED)) throw new IllegalArgumentException("Runs: a table with the columns " + table.columnNames() + ", expected one of a sweep, with " + Sweep.SEED);
    }

    /** Of the table that a sweep gives. */
    public static Runs of(Table table) {
        return new Runs(table);
    }

    /** The runs in which a name of the grid has this value. */
    public Runs where(String name, Object value) {
        checkGrid(name);
        return rows(IntStream.range(0, table.rowCount()).filter(i -> same(table.get(i, table.columnIndex(name)), value)).toArray(), name + " = " + value);
    }

    /** The runs of this seed. */
    public Runs seed(long seed) {
        return rows(IntStream.range(0, table.rowCount()).filter(i -> table.longColumn(Sweep.SEED).getLong(i) == seed).toArray(), "seed " + seed);
    }

    /** The runs of the configuration whose mean result over its seeds is largest; the first of equal ones. */
    public Runs best(String result) {
        return first(result, (a, b) -> a - b);
    }

    /** The runs of the configuration whose mean result over its seeds is least; the first of equal ones. */
    public Runs least(String result) {
        return first(result, (a, b) -> b - a);
    }

    private Runs first(String result, DoubleBinaryOperator ahead) {
        Runs chosen = null;
        for (int[] rows : configurations().values()) {
            Runs next = rows(rows, "");
            double mean = next.mean(result);
            if (Double.isNaN(mean)) throw new IllegalArgumentException("Runs: " + result + " of " + next.configuration() + " is NaN, there is nothing to choose by");
            if (chosen == null || ahead.applyAsDouble(mean, chosen.mean(result)) > 0) chosen = next;
        }
        return chosen;
    }

    private Map<List<Object>, int[]> configurations() {
        Map<List<Object>, int[]> rows = new LinkedHashMap<>();
        for (int i = 0; i < table.rowCount(); i++) {
            int row = i;
            List<Object> key = grid().stream().map(name -> table.get(row, table.columnIndex(name))).toList();
            rows.merge(key, new int[] {i}, (a, b) -> IntStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray());
        }
        return rows;
    }

    /** The results, a number a run, in the order of the table: of one configuration, a number a seed. */
    public double[] values(String result) {
        return table.doubleColumn(result).asDoubleArray();
    }

    /** Several results of the one run that there is, such as the points of a curve. */
    public double[] curve(List<String> results) {
        if (table.rowCount() != 1) throw new IllegalArgumentException("Runs: " + table.rowCount() + " runs, expected one");
        Row row = table.row(0);
        return results.stream().mapToDouble(row::getDouble).toArray();
    }

    /** The mean result of all runs. */
    public double mean(String result) {
        return Arrays.stream(values(result)).average().orElseThrow();
    }

    /** The mean result for each value of a name of the grid, in the order in which they come. */
    public double[] means(String name, String result) {
        checkGrid(name);
        return table.column(name).asList().stream().distinct().mapToDouble(v -> where(name, v).mean(result)).toArray();
    }

    /** How much larger this result is here, run by run; both must have the same seeds. */
    public double[] minus(Runs other, String result) {
        if (!table.longColumn(Sweep.SEED).asList().equals(other.table.longColumn(Sweep.SEED).asList())) {
            throw new IllegalArgumentException("Runs: seeds " + table.longColumn(Sweep.SEED).asList() + " and " + other.table.longColumn(Sweep.SEED).asList() + ", expected the same");
        }
        double[] a = values(result);
        double[] b = other.values(result);
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] - b[i]).toArray();
    }

    /** The values of the grid that all these runs share, such as {@code rate = 0.1, decay = 5.0E-4}. */
    public String configuration() {
        return grid().stream().filter(name -> table.column(name).countUnique() == 1).map(name -> name + " = " + table.column(name).get(0)).collect(Collectors.joining(", "));
    }

    private List<String> grid() {
        return table.columnNames().subList(0, table.columnIndex(Sweep.SEED));
    }

    private void checkGrid(String name) {
        if (!grid().contains(name)) throw new IllegalArgumentException("Runs: no \"" + name + "\", the grid has " + grid());
    }

    private Runs rows(int[] rows, String what) {
        if (rows.length == 0) throw new IllegalArgumentException("Runs: none with " + what + " among " + table.rowCount());
        return new Runs(table.rows(rows));
    }

    private static boolean same(Object cell, Object value) {
        if (cell instanceof Number a && value instanceof Number b) return a.doubleValue() == b.doubleValue();
        return cell.equals(value instanceof Enum<?> e ? e.name() : value);
    }

    @Override
    public String toString() {
        return table.rowCount() + " runs" + (configuration().isEmpty() ? "" : " with " + configuration());
    }
}
