package lemma.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import lemma.display.Bundle;
import lemma.display.Rich;
import lemma.tensor.DType;
import lemma.tensor.Tensor;
import lemma.train.TrainingData;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * A table that knows which columns are features and which is the target. Immutable: every change gives another set.
 *
 * @param name short name
 * @param table the rows; the accessor gives a copy
 * @param features the numeric columns a model reads, in order
 * @param target the column a model predicts, or null
 * @param classes the values of the target in the order of their labels 0, 1, ...; empty when the target is a number
 * @param source where the data come from
 */
public record Dataset(String name, Table table, List<String> features, String target, List<String> classes, Source source) implements Rich {
    /** @throws IllegalArgumentException when a column is missing, a feature is not numeric, or the target has a value outside {@code classes} */
    public Dataset {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(source, "source");
        table = table.copy().setName(name);
        features = List.copyOf(features);
        classes = List.copyOf(classes);
        for (String feature : features) numeric(name, table, feature);
        if (target == null && !classes.isEmpty()) throw new IllegalArgumentException(name + ": classes " + classes + " without a target column");
        if (target != null && classes.isEmpty()) numeric(name, table, target);
        if (target != null && !classes.isEmpty()) indices(name, table, target, classes);
    }

    /**
     * A set from any table: the features are all numeric columns but the target; a target of text gives classes in alphabetical order, a
     * numeric target is a regression's.
     */
    public static Dataset of(String name, Table table, String target) {
        Column<?> column = column(name, table, target);
        List<String> features = table.columns().stream().filter(c -> c instanceof NumericColumn && !c.name().equals(column.name())).map(Column::name).toList();
        List<String> classes = column instanceof NumericColumn ? List.of() : column.unique().asList().stream().map(String::valueOf).sorted().toList();
        return new Dataset(name, table, features, column.name(), classes, new Source(name, "not stated", "not stated"));
    }

    /** A copy of the rows. */
    @Override
    public Table table() {
        return table.copy();
    }

    /** Number of rows. */
    public int size() {
        return table.rowCount();
    }

    /**
     * The features as (rows, features).
     *
     * @throws IllegalStateException when a value is missing
     */
    public double[][] rows() {
        double[][] rows = new double[size()][features.size()];
        for (int j = 0; j < features.size(); j++) {
            double[] column = complete(features.get(j));
            for (int i = 0; i < column.length; i++) rows[i][j] = column[i];
        }
        return rows;
    }

    /**
     * The label of each row: the position of its target among {@link #classes}.
     *
     * @throws IllegalStateException when the target is missing or a number
     */
    public int[] labels() {
        if (classes.isEmpty()) throw new IllegalStateException(name + ": " + (target == null ? "there is no target" : target + " is a number, use targets()"));
        return indices(name, table, target, classes);
    }

    /**
     * The target of each row as a number; for classes the label.
     *
     * @throws IllegalStateException when there is no target or a value is missing
     */
    public double[] targets() {
        if (target == null) throw new IllegalStateException(name + ": there is no target; the columns are " + table.columnNames());
        if (!classes.isEmpty()) return Arrays.stream(labels()).asDoubleStream().toArray();
        return complete(target);
    }

    /**
     * The features, FLOAT32 of shape (rows, features).
     *
     * @throws IllegalStateException when a value is missing
     */
    public Tensor x() {
        float[] x = new float[Math.multiplyExact(size(), features.size())];
        for (int j = 0; j < features.size(); j++) {
            double[] column = complete(features.get(j));
            for (int i = 0; i < column.length; i++) x[i * features.size() + j] = (float) column[i];
        }
        return Tensor.of(x, size(), features.size());
    }

    /**
     * The target: labels, INT64 of shape (rows); or numbers, FLOAT32 of shape (rows, 1), as a layer with one output gives them.
     *
     * @throws IllegalStateException when there is no target or a value is missing
     */
    public Tensor y() {
        if (!classes.isEmpty()) return Tensor.of(Arrays.stream(labels()).asLongStream().toArray());
        return Tensor.of(targets(), size(), 1).to(DType.FLOAT32);
    }

    /** {@link #x} and {@link #y} for a {@link lemma.train.Trainer}. */
    public TrainingData examples() {
        return TrainingData.of(x(), y());
    }

    /** The rows of {@code split}. */
    public Parts split(Split split) {
        return new Parts(take(split.train()), take(split.validation()), take(split.test()));
    }

    /**
     * A set cut in three.
     *
     * @param train rows to fit on
     * @param validation rows to choose hyper-parameters by
     * @param test rows for the last measurement
     */
    public record Parts(Dataset train, Dataset validation, Dataset test) {}

    /**
     * The rows at {@code indices}, in that order; an index may stand more than once.
     *
     * @throws IllegalArgumentException for an index outside the table
     */
    public Dataset take(int... indices) {
        for (int i : indices) {
            if (i < 0 || i >= size()) throw new IllegalArgumentException(name + ": no row " + i + ", there are " + size());
        }
        // Table.rows would sort the indices and drop repeated ones
        return with(Table.create(name, table.columns().stream().<Column<?>>map(c -> c.subset(indices)).toList()));
    }

    /** The rows without a missing value in any column. */
    public Dataset dropMissing() {
        return with(table.dropRowsWithMissingValues());
    }

    /**
     * Missing features filled on the straight line between their neighbours, rows taken as equally spaced.
     *
     * @throws IllegalStateException when the first or last value of a column is missing
     */
    public Dataset interpolateMissing() {
        Table filled = table.copy();
        for (String feature : features) {
            NumericColumn<?> column = numeric(name, filled, feature);
            if (column.countMissing() == 0) continue;
            filled.replaceColumn(feature, DoubleColumn.create(feature, interpolated(feature, column.asDoubleArray())));
        }
        return with(filled);
    }

    /** Title and shape, then the first rows. */
    @Override
    public Bundle bundle() {
        return Bundle.text(this + "\n" + table.first(5).print());
    }

    @Override
    public String toString() {
        String predicts = target == null ? "" : classes.isEmpty() ? ", target " + target : ", target " + target + " in " + classes;
        return name + ": " + source.title() + "; " + size() + " rows, " + features.size() + " features" + predicts;
    }

    private Dataset with(Table rows) {
        return new Dataset(name, rows, features, target, classes, source);
    }

    private double[] complete(String column) {
        NumericColumn<?> values = numeric(name, table, column);
        int missing = values.countMissing();
        if (missing == 0) return values.asDoubleArray();
        throw new IllegalStateException(name + ": column " + column + " misses " + missing + " of " + size() + " values; use dropMissing() or interpolateMissing()");
    }

    private double[] interpolated(String column, double[] y) {
        if (y.length == 0 || Double.isNaN(y[0]) || Double.isNaN(y[y.length - 1])) {
            throw new IllegalStateException(name + ": column " + column + " misses its first or last value, so there is no line to fill it from; use dropMissing()");
        }
        double[] x = y.clone();
        int known = 0;
        for (int i = 1; i < y.length; i++) {
            if (Double.isNaN(y[i])) continue;
            for (int k = known + 1; k < i; k++) x[k] = y[known] + (y[i] - y[known]) * (k - known) / (i - known);
            known = i;
        }
        return x;
    }

    private static Column<?> column(String name, Table table, String column) {
        if (!table.containsColumn(column)) throw new IllegalArgumentException(name + ": no column '" + column + "', there are " + table.columnNames());
        return table.column(column);
    }

    private static NumericColumn<?> numeric(String name, Table table, String column) {
        if (column(name, table, column) instanceof NumericColumn<?> numeric) return numeric;
        ColumnType type = table.column(column).type();
        throw new IllegalArgumentException(name + ": column " + column + " holds " + type + ", expected numbers");
    }

    private static int[] indices(String name, Table table, String target, List<String> classes) {
        Column<?> column = column(name, table, target);
        List<String> wrong = new ArrayList<>();
        int[] labels = IntStream.range(0, column.size()).map(i -> {
            int label = classes.indexOf(column.getString(i));
            if (label < 0) wrong.add(column.getString(i));
            return label;
        }).toArray();
        if (wrong.isEmpty()) return labels;
        throw new IllegalArgumentException(name + ": target " + target + " has the value '" + wrong.getFirst() + "', expected one of " + classes);
    }
}
