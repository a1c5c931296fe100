package lemma.sweep;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** The columns of a sweep: names of the grid, seed, results, labels; as lines of text and as a table. */
record RunTable(List<String> names, List<String> results, List<String> labels) {
    /** What a run left behind. */
    record Row(double[] results, List<String> labels) {}

    /** The first line of a file. */
    String header() {
        return String.join("\t", columns()) + "\n";
    }

    private List<String> columns() {
        return Stream.of(names, List.of(Sweep.SEED), results, labels).flatMap(List::stream).toList();
    }

    /** A run as a line; numbers in Java's shortest form, which reads back to the same bits. */
    String line(Config config, Row row) {
        List<String> cells = new ArrayList<>(config.cells());
        for (double r : row.results) cells.add(Double.toString(r));
        cells.addAll(row.labels);
        return String.join("\t", cells) + "\n";
    }

    /** What the run returned, if it is as many numbers as there are results. */
    static double[] checked(double[] returned, int expected) {
        if (returned != null && returned.length == expected) return returned;
        throw new IllegalStateException("the run returned " + (returned == null ? "null" : returned.length + " numbers") + ", expected " + expected);
    }

    /** The rows of {@code configs} in the whole lines of {@code text}; other configurations are left out. */
    Map<Config, Row> rows(String text, String where, List<Config> configs) {
        Map<List<String>, Config> known = new HashMap<>();
        for (Config c : configs) known.put(c.cells(), c);
        Map<Config, Row> rows = new LinkedHashMap<>();
        String[] lines = text.split("\n");
        checkHeader(lines[0], where);
        for (int i = 1; i < lines.length; i++) {
            String[] cells = lines[i].split("\t", -1);
            if (cells.length != columns().size()) throw new IllegalArgumentException(where + ": line " + (i + 1) + " has " + cells.length + " cells, expected " + columns().size() + ": " + lines[i]);
            Config config = known.get(Arrays.asList(cells).subList(0, names.size() + 1));
            if (config != null && rows.put(config, row(cells, where, i + 1)) != null) throw new IllegalArgumentException(where + ": line " + (i + 1) + " repeats the run " + config);
        }
        return rows;
    }

    private void checkHeader(String line, String where) {
        if ((line + "\n").equals(header())) return;
        throw new IllegalArgumentException(where + " has the columns " + Arrays.asList(line.split("\t", -1)) + ", this sweep has " + columns() + "; give it another file, or delete this one");
    }

    private Row row(String[] cells, String where, int line) {
        int first = names.size() + 1;
        try {
            double[] numbers = Arrays.stream(cells, first, first + results.size()).mapToDouble(Double::parseDouble).toArray();
            return new Row(numbers, List.of(cells).subList(first + numbers.length, cells.length));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(where + ": line " + line + ": " + e.getMessage(), e);
        }
    }

    /** The rows that there are, in the order of {@code configs}. */
    Table of(List<Config> configs, Map<Config, Row> rows) {
        List<Config> have = configs.stream().filter(rows::containsKey).toList();
        List<Row> values = have.stream().map(rows::get).toList();
        Table table = Table.create("sweep");
        for (int j = 0; j < names.size(); j++) {
            int at = j;
            table.addColumns(column(names.get(j), configs.getFirst().values().get(j), have.stream().map(c -> c.values().get(at)).toList()));
        }
        table.addColumns(LongColumn.create(Sweep.SEED, have.stream().mapToLong(Config::seed).toArray()));
        for (int j = 0; j < results.size(); j++) {
            int at = j;
            table.addColumns(DoubleColumn.create(results.get(j), values.stream().mapToDouble(r -> r.results[at]).toArray()));
        }
        for (int j = 0; j < labels.size(); j++) {
            int at = j;
            table.addColumns(StringColumn.create(labels.get(j), values.stream().map(r -> r.labels.get(at))));
        }
        return table;
    }

    private static Column<?> column(String name, Object kind, List<Object> values) {
        return switch (kind) {
            case Double d -> DoubleColumn.create(name, values.stream().mapToDouble(v -> (double) v).toArray());
            case Boolean b -> BooleanColumn.create(name, values.stream().map(v -> (Boolean) v).toList());
            case Long n when values.stream().allMatch(v -> (long) v == (int) (long) v) -> IntColumn.create(name, values.stream().mapToInt(v -> (int) (long) v).toArray());
            case Long n -> LongColumn.create(name, values.stream().mapToLong(v -> (long) v).toArray());
            default -> StringColumn.create(name, values.stream().map(Object::toString));
        };
    }
}
