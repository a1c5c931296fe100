package lemma.probe;

import java.util.Arrays;
import java.util.stream.IntStream;
import lemma.tensor.Tensor;

/** Which rows belong to each class. */
final class ClassRows {
    private ClassRows() {}

    /** Row numbers of classes 0.. of n labels, each class of at least {@code least} rows. */
    static int[][] of(String metric, Tensor y, int n, int least) {
        int[] labels = Features.labels(metric, y, n, least);
        int classes = Arrays.stream(labels).max().orElseThrow() + 1;
        return IntStream.range(0, classes).mapToObj(c -> IntStream.range(0, n).filter(i -> labels[i] == c).toArray()).toArray(int[][]::new);
    }
}
