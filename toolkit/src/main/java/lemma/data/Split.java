package lemma.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import lemma.tensor.Random;

/**
 * Which rows train, which validate and which test. The shares of training, validation and test sum to 1; the sizes are rounded, and
 * training takes what rounding leaves.
 *
 * @param train rows to fit on
 * @param validation rows to choose hyper-parameters by; may be empty
 * @param test rows for the last measurement; may be empty
 */
public record Split(int[] train, int[] validation, int[] test) {
    public Split {
        train = train.clone();
        validation = validation.clone();
        test = test.clone();
    }

    /** Rows 0 to {@code rows - 1} in random order. */
    public static Split random(int rows, double train, double validation, double test, Random random) {
        return cut(order(rows, random), train, validation, test);
    }

    /** As {@link #random}, class by class, so that every part has the classes in the shares of the whole; each part comes out in random order. */
    public static Split stratified(int[] labels, double train, double validation, double test, Random random) {
        TreeMap<Integer, List<Integer>> classes = new TreeMap<>();
        for (int row : order(labels.length, random)) classes.computeIfAbsent(labels[row], k -> new ArrayList<>()).add(row);
        List<Split> parts = classes.values().stream().map(rows -> cut(rows.stream().mapToInt(i -> i).toArray(), train, validation, test)).toList();
        return new Split(mixed(parts.stream().map(Split::train).toList(), random.fork(0)), mixed(parts.stream().map(Split::validation).toList(), random.fork(1)),
                mixed(parts.stream().map(Split::test).toList(), random.fork(2)));
    }

    /** The first rows train, the next validate, the last test: for series, where the future must not leak into the past. */
    public static Split inOrder(int rows, double train, double validation, double test) {
        return cut(IntStream.range(0, rows).toArray(), train, validation, test);
    }

    @Override
    public int[] train() {
        return train.clone();
    }

    @Override
    public int[] validation() {
        return validation.clone();
    }

    @Override
    public int[] test() {
        return test.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Split o && Arrays.equals(train, o.train) && Arrays.equals(validation, o.validation) && Arrays.equals(test, o.test);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(train) + Arrays.hashCode(validation)) + Arrays.hashCode(test);
    }

    @Override
    public String toString() {
        return "Split(train " + train.length + ", validation " + validation.length + ", test " + test.length + ")";
    }

    private static int[] order(int rows, Random random) {
        if (rows < 1) throw new IllegalArgumentException("Split: rows is " + rows + ", expected at least 1");
        return random.permutation(rows).toInts();
    }

    private static int[] mixed(Collection<int[]> parts, Random random) {
        int[] rows = parts.stream().flatMapToInt(Arrays::stream).toArray();
        if (rows.length == 0) return rows;
        return Arrays.stream(random.permutation(rows.length).toInts()).map(i -> rows[i]).toArray();
    }

    private static Split cut(int[] rows, double train, double validation, double test) {
        if (!(train > 0 && validation >= 0 && test >= 0 && Math.abs(train + validation + test - 1) < 1e-9)) {
            throw new IllegalArgumentException("Split: shares are " + train + ", " + validation + ", " + test + ", expected a positive share to train and a sum of 1");
        }
        int forTest = (int) Math.round(rows.length * test);
        int forValidation = Math.min((int) Math.round(rows.length * validation), rows.length - forTest);
        int forTrain = rows.length - forTest - forValidation;
        return new Split(Arrays.copyOf(rows, forTrain), Arrays.copyOfRange(rows, forTrain, forTrain + forValidation), Arrays.copyOfRange(rows, forTrain + forValidation, rows.length));
    }
}
