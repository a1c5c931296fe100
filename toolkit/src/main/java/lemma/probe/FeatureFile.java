package lemma.probe;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import lemma.data.Npy;
import lemma.data.Npz;
import lemma.nn.Safetensors;
import lemma.tensor.Tensor;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

/** Features from files that other programs wrote. */
final class FeatureFile {
    private FeatureFile() {}

    static Tensor read(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".npy")) return Npy.read(file);
        if (name.endsWith(".csv")) return csv(file);
        Map<String, Tensor> arrays = arrays(file);
        if (arrays.size() != 1) throw new IllegalArgumentException("Probe.read: " + file + " holds " + arrays.keySet() + ", expected one array; give the name of one");
        return arrays.values().iterator().next();
    }

    static Tensor read(Path file, String name) {
        Map<String, Tensor> arrays = arrays(file);
        if (!arrays.containsKey(name)) throw new IllegalArgumentException("Probe.read: " + file + " holds " + arrays.keySet() + ", no '" + name + "'");
        return arrays.get(name);
    }

    private static Map<String, Tensor> arrays(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".npz")) return Npz.read(file);
        if (name.endsWith(".safetensors")) return Safetensors.read(file).params().asMap();
        throw new IllegalArgumentException("Probe.read: " + file + " is no .npy, .npz, .safetensors or .csv file");
    }

    /** Rows of numbers as FLOAT64; a first line that is not all numbers names the columns. */
    private static Tensor csv(Path file) {
        try (BufferedReader in = Files.newBufferedReader(file)) {
            in.mark(1 << 20);
            String[] first = String.valueOf(in.readLine()).split(",", -1);
            in.reset();
            boolean named = !Arrays.stream(first).allMatch(FeatureFile::isNumber);
            Table table = Table.read().usingOptions(CsvReadOptions.builder(in).header(named).columnTypes(column -> ColumnType.STRING));
            double[] flat = new double[Math.multiplyExact(table.rowCount(), table.columnCount())];
            for (int i = 0; i < flat.length; i++) flat[i] = number(file, table, i / table.columnCount(), i % table.columnCount());
            return Tensor.of(flat, table.rowCount(), table.columnCount());
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private static double number(Path file, Table table, int row, int column) {
        String cell = table.getString(row, column);
        if (!isNumber(cell)) throw new IllegalArgumentException("Probe.read: row " + row + ", column " + table.column(column).name() + " of " + file + " is '" + cell + "', expected a number");
        return Double.parseDouble(cell);
    }

    private static boolean isNumber(String cell) {
        try {
            Double.parseDouble(cell);
            return true;
        } catch (NumberFormatException notOne) {
            return false;
        }
    }
}
