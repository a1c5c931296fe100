package lemma.data;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * All 4096 patterns of 12 bits on the corners v of an icosahedron, with a label whose probability is known: {@code p(y = 1 | x) = sigmoid(slope (f(x) - theta) / s)},
 * where {@code f(x) = sum_ij x_i x_j (P_1 + P_2)(v_i.v_j)}, P_l Legendre's polynomials, is the power of the pattern at the degrees 1 and 2, so that no
 * rotation of the icosahedron changes it. theta lies midway between two values of f so that the labels are as even as can be, s is the standard
 * deviation of f. f has 37 values. Everything about X and Y can be enumerated: no estimate is needed to say what a code of X tells about Y.
 *
 * @param slope at least 0; 80 leaves 0.958 bits of information in x about y
 * @see <a href="https://arxiv.org/abs/1703.00810">Shwartz-Ziv, Tishby (2017), Opening the Black Box of Deep Neural Networks via Information, section 3.1</a>
 */
public record SphericalPatterns(double slope) {
    private static final int BITS = 12;
    private static final int PATTERNS = 1 << BITS;

    public SphericalPatterns {
        if (!(slope >= 0) || slope == Double.POSITIVE_INFINITY) throw new IllegalArgumentException("SphericalPatterns: slope is " + slope + ", expected at least 0");
    }

    public static SphericalPatterns of(double slope) {
        return new SphericalPatterns(slope);
    }

    /** The patterns (4096, 12), FLOAT32, -1 and 1 for the bits. */
    public Tensor patterns() {
        float[] x = new float[PATTERNS * BITS];
        for (int i = 0; i < x.length; i++) x[i] = (i / BITS >> i % BITS & 1) == 1 ? 1 : -1;
        return Tensor.of(x, PATTERNS, BITS);
    }

    /** {@code p(y | x)}, a row (p(0), p(1)) for each pattern. */
    public double[][] conditional() {
        double[] f = values();
        double mean = 0;
        double square = 0;
        for (double v : f) {
            mean += v / PATTERNS;
            square += v * v / PATTERNS;
        }
        double threshold = threshold(f);
        double scale = Math.sqrt(square - mean * mean);
        double[][] p = new double[PATTERNS][];
        for (int i = 0; i < PATTERNS; i++) {
            double z = slope * (f[i] - threshold) / scale;
            p[i] = new double[] {1 / (1 + Math.exp(z)), 1 / (1 + Math.exp(-z))};
        }
        return p;
    }

    /** One label a pattern (4096, 1), FLOAT32, 0 or 1, drawn from p(y | x). */
    public Tensor labels(Random random) {
        double[] u = random.uniform(Shape.of(PATTERNS), DType.FLOAT64).toDoubles();
        double[][] p = conditional();
        float[] y = new float[PATTERNS];
        for (int i = 0; i < PATTERNS; i++) y[i] = u[i] < p[i][1] ? 1 : 0;
        return Tensor.of(y, PATTERNS, 1);
    }

    /**
     * The joint table of the value of f, in rising order, and of y: as much as a bottleneck needs to know, since patterns with the same p(y | x) may share
     * a code at no loss.
     */
    public double[][] joint() {
        double[] f = values();
        double[][] p = conditional();
        SortedMap<Double, double[]> rows = new TreeMap<>();
        for (int i = 0; i < PATTERNS; i++) {
            double[] row = rows.computeIfAbsent(f[i], unseen -> new double[2]);
            for (int y = 0; y < 2; y++) row[y] += p[i][y] / PATTERNS;
        }
        return rows.values().toArray(double[][]::new);
    }

    /** f of each pattern, rounded so that equal values are equal. */
    private static double[] values() {
        double[][] kernel = kernel();
        double[] f = new double[PATTERNS];
        for (int p = 0; p < PATTERNS; p++) {
            double sum = 0;
            for (int i = 0; i < BITS; i++) for (int j = 0; j < BITS; j++) if ((p >> i & p >> j & 1) == 1) sum += kernel[i][j];
            f[p] = Math.rint(sum * 1e9) / 1e9;
        }
        return f;
    }

    private static double[][] kernel() {
        List<double[]> corners = new ArrayList<>();
        double golden = (1 + Math.sqrt(5)) / 2;
        double length = Math.hypot(1, golden);
        for (int axis = 0; axis < 3; axis++) {
            for (int signs = 0; signs < 4; signs++) {
                double[] v = new double[3];
                v[(axis + 1) % 3] = ((signs & 1) == 0 ? 1 : -1) / length;
                v[(axis + 2) % 3] = ((signs & 2) == 0 ? golden : -golden) / length;
                corners.add(v);
            }
        }
        double[][] kernel = new double[BITS][BITS];
        for (int i = 0; i < BITS; i++) {
            for (int j = 0; j < BITS; j++) {
                double t = 0;
                for (int c = 0; c < 3; c++) t += corners.get(i)[c] * corners.get(j)[c];
                kernel[i][j] = t + (3 * t * t - 1) / 2;
            }
        }
        return kernel;
    }

    /** Midway between two neighbouring values, with as nearly half of the patterns below as can be. */
    private static double threshold(double[] f) {
        double[] sorted = f.clone();
        java.util.Arrays.sort(sorted);
        for (int off = 0; off < PATTERNS / 2; off++) {
            for (int at : new int[] {PATTERNS / 2 - off, PATTERNS / 2 + off}) {
                if (sorted[at - 1] < sorted[at]) return (sorted[at - 1] + sorted[at]) / 2;
            }
        }
        throw new AssertionError("f is constant");
    }
}
