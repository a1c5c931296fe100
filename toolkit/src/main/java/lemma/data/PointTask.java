package lemma.data;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/** Tasks whose answer is a sequence of places in the input, with points uniform in the unit square (numbers in [0, 1) for {@link #SORT}) and exact answers. */
public enum PointTask {
    /** The corners of the convex hull, {@link ConvexHull#of}. */
    HULL(2) {
        @Override
        public int[] answer(double[][] points) {
            return ConvexHull.of(points);
        }
    },
    /** The shortest tour, {@link TravellingSalesman#optimal}. */
    TOUR(2) {
        @Override
        public int[] answer(double[][] points) {
            return TravellingSalesman.optimal(points);
        }
    },
    /** The places of the numbers from the least to the largest. */
    SORT(1) {
        @Override
        public int[] answer(double[][] points) {
            return IntStream.range(0, points.length).boxed().sorted(Comparator.comparingDouble(i -> points[i][0])).mapToInt(i -> i).toArray();
        }
    };

    private final int dimensions;

    PointTask(int dimensions) {
        this.dimensions = dimensions;
    }

    /** The exact answer for {@code points}, n rows of coordinates: places from 0. */
    public abstract int[] answer(double[][] points);

    /** Coordinates of a point. */
    public int dimensions() {
        return dimensions;
    }

    /**
     * Inputs and answers.
     *
     * @param points FLOAT32 (count, n, dimensions)
     * @param targets INT64 (count, n + 1): places from 1, then 0 for the end, then -1
     */
    public record Sample(Tensor points, Tensor targets) {
        /** The examples {@code index}, INT64. */
        public Sample rows(Tensor index) {
            return new Sample(points.indexSelect(0, index), targets.indexSelect(0, index));
        }

        /** The points of each example. */
        public double[][][] each() {
            double[] all = points.to(DType.FLOAT64).toDoubles();
            int n = points.dim(1);
            int d = points.dim(2);
            return IntStream.range(0, points.dim(0)).mapToObj(i -> IntStream.range(0, n)
                    .mapToObj(j -> Arrays.copyOfRange(all, (i * n + j) * d, (i * n + j + 1) * d)).toArray(double[][]::new)).toArray(double[][][]::new);
        }

        /** The answer of each example, places from 0. */
        public int[][] answers() {
            long[] all = targets.toLongs();
            int m = targets.dim(1);
            return IntStream.range(0, targets.dim(0)).mapToObj(i -> Arrays.stream(all, i * m, (i + 1) * m)
                    .takeWhile(t -> t > 0).mapToInt(t -> (int) t - 1).toArray()).toArray(int[][]::new);
        }
    }

    /** {@code count} inputs of {@code n} points with their answers. */
    public Sample sample(int n, int count, Random random) {
        if (n < 1 || count < 1) throw new IllegalArgumentException("PointTask: n " + n + ", count " + count + ", expected at least 1");
        return solved(random.uniform(Shape.of(count, n, dimensions), DType.FLOAT32));
    }

    /** The answers for given {@code points (count, n, dimensions)}. */
    public Sample solved(Tensor points) {
        if (points.rank() != 3 || points.dim(2) != dimensions) throw new IllegalArgumentException("PointTask: points are " + points.shape() + ", expected (count, n, " + dimensions + ")");
        double[][][] each = new Sample(points, points).each();
        int m = points.dim(1) + 1;
        long[] targets = new long[each.length * m];
        Arrays.fill(targets, -1);
        for (int i = 0; i < each.length; i++) {
            int[] answer = answer(each[i]);
            for (int t = 0; t < answer.length; t++) targets[i * m + t] = answer[t] + 1;
            targets[i * m + answer.length] = 0;
        }
        return new Sample(points, Tensor.of(targets).reshape(each.length, m));
    }
}
