package lemma.probe;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The information bottleneck: codes T of X that keep as much about Y as can be for what they tell about X, {@code min I(X; T) - beta I(T; Y)}.
 * Information in bits.
 *
 * @see <a href="https://arxiv.org/abs/physics/0004057">Tishby, Pereira, Bialek (1999), The information bottleneck method, eq. 28 to 30</a>
 */
public final class InformationBottleneck {
    private static final int ITERATIONS = 20_000;

    private InformationBottleneck() {}

    /**
     * A point of the curve.
     *
     * @param beta trade-off
     * @param complexity I(X; T) in bits
     * @param relevance I(T; Y) in bits
     * @param encoder p(t | x), one row an x
     */
    public record Point(double beta, double complexity, double relevance, double[][] encoder) {}

    /**
     * The curve of a joint table by Blahut and Arimoto's iteration {@code p(t|x) ~ p(t) exp(-beta KL(p(y|x) | p(y|t)))}, as many codes as x, from the
     * largest beta down, each begun at the solution before (the identity at first), which follows the branch that deterministic annealing
     * splits. A fixed point is a local minimum; iteration ends when the encoder moves by less than 1e-12, or after 20,000 rounds near a
     * critical beta. Time O(betas rounds |X|^2 |Y|).
     *
     * @param joint p(x, y) of any sum above 0; every x must have some
     * @param betas at least 0
     * @return a point for each beta, in the order given
     */
    public static Point[] blahutArimoto(double[][] joint, double... betas) {
        double[] px = Entropies.normalised(DiscreteInformation.rowSums(joint));
        for (int i = 0; i < px.length; i++) if (!(px[i] > 0)) throw new IllegalArgumentException("InformationBottleneck: x = " + i + " has probability " + px[i] + "; leave it out");
        double[][] conditional = Arrays.stream(joint).map(Entropies::normalised).toArray(double[][]::new);
        Integer[] order = IntStream.range(0, betas.length).boxed().sorted((a, b) -> Double.compare(betas[b], betas[a])).toArray(Integer[]::new);
        double[][] encoder = new double[px.length][px.length];
        for (int i = 0; i < px.length; i++) encoder[i][i] = 1;
        Point[] points = new Point[betas.length];
        for (int at : order) {
            if (!(betas[at] >= 0)) throw new IllegalArgumentException("InformationBottleneck: beta is " + betas[at] + ", expected at least 0");
            encoder = iterate(px, conditional, encoder, betas[at]);
            points[at] = point(px, conditional, encoder, betas[at]);
        }
        return points;
    }

    private static double[][] iterate(double[] px, double[][] conditional, double[][] start, double beta) {
        int n = px.length;
        double[] entropies = Arrays.stream(conditional).mapToDouble(Entropies::shannon).toArray();
        double[][] encoder = start;
        for (int round = 0; round < ITERATIONS; round++) {
            double[] pt = marginal(px, encoder);
            double[][] logs = Arrays.stream(decoder(px, conditional, encoder, pt)).map(q -> Arrays.stream(q).map(Math::log).toArray()).toArray(double[][]::new);
            double[][] next = new double[n][n];
            double moved = 0;
            for (int x = 0; x < n; x++) {
                next[x] = row(conditional[x], entropies[x], pt, logs, beta);
                for (int t = 0; t < n; t++) moved = Math.max(moved, Math.abs(next[x][t] - encoder[x][t]));
            }
            encoder = next;
            if (moved < 1e-12) break;
        }
        return encoder;
    }

    private static double[] row(double[] py, double entropy, double[] pt, double[][] logs, double beta) {
        double[] log = new double[pt.length];
        double top = Double.NEGATIVE_INFINITY;
        for (int t = 0; t < pt.length; t++) {
            log[t] = pt[t] > 0 ? Math.log(pt[t]) - beta * (crossEntropy(py, logs[t]) - entropy) : Double.NEGATIVE_INFINITY;
            top = Math.max(top, log[t]);
        }
        for (int t = 0; t < log.length; t++) log[t] = Math.exp(log[t] - top);
        return Entropies.normalised(log);
    }

    private static double crossEntropy(double[] p, double[] logs) {
        double sum = 0;
        for (int y = 0; y < p.length; y++) if (p[y] > 0) sum -= p[y] * logs[y];
        return sum;
    }

    private static double[] marginal(double[] px, double[][] encoder) {
        double[] pt = new double[encoder[0].length];
        for (int x = 0; x < px.length; x++) for (int t = 0; t < pt.length; t++) pt[t] += px[x] * encoder[x][t];
        return pt;
    }

    /** p(y | t). */
    private static double[][] decoder(double[] px, double[][] conditional, double[][] encoder, double[] pt) {
        double[][] decoder = new double[pt.length][conditional[0].length];
        for (int t = 0; t < pt.length; t++) {
            if (pt[t] == 0) continue;
            for (int x = 0; x < px.length; x++) for (int y = 0; y < decoder[t].length; y++) decoder[t][y] += px[x] * encoder[x][t] * conditional[x][y] / pt[t];
        }
        return decoder;
    }

    private static Point point(double[] px, double[][] conditional, double[][] encoder, double beta) {
        double[] pt = marginal(px, encoder);
        double[][] xt = new double[px.length][];
        double[][] ty = decoder(px, conditional, encoder, pt);
        for (int x = 0; x < px.length; x++) {
            double p = px[x];
            xt[x] = Arrays.stream(encoder[x]).map(v -> v * p).toArray();
        }
        for (int t = 0; t < pt.length; t++) for (int y = 0; y < ty[t].length; y++) ty[t][y] *= pt[t];
        return new Point(beta, DiscreteInformation.mutualInformation(xt), DiscreteInformation.mutualInformation(ty), encoder);
    }

    /**
     * No code that tells {@code complexity} bits about X can tell more bits about Y than this: the least of the tangents {@code I(T; Y) = (I(T; X) - L) / beta} with
     * {@code L = I(X; T) - beta I(T; Y)} of the points, and of {@code I(T; Y) <= I(T; X)}. The curve is concave, so that it lies below all tangents and touches them at the points: a bound for any number of points, close to the curve for many.
     *
     * @param curve points with beta above 0, each a global minimum
     * @param complexity I(T; X) in bits, at least 0
     */
    public static double relevanceAt(Point[] curve, double complexity) {
        if (curve.length == 0 || !(complexity >= 0)) throw new IllegalArgumentException("InformationBottleneck: " + curve.length + " points and a complexity of " + complexity + ", expected at least one point and 0 bits");
        double least = complexity;
        for (Point p : curve) {
            if (!(p.beta() > 0)) throw new IllegalArgumentException("InformationBottleneck: a point has beta " + p.beta() + ", a tangent needs one above 0");
            least = Math.min(least, p.relevance() + (complexity - p.complexity()) / p.beta());
        }
        return least;
    }

    /**
     * The closed form for jointly Gaussian X and Y with canonical correlations rho: with {@code lambda_i = 1 - rho_i^2}, direction i is used from
     * {@code beta > 1 / (1 - lambda_i)} on, {@code I(X; T) = 1/2 sum log((beta - 1)(1 - lambda_i) / lambda_i)} and
     * {@code I(T; Y) = I(X; T) - 1/2 sum log(beta (1 - lambda_i))} over the directions in use. The encoder is empty.
     *
     * @see <a href="https://www.jmlr.org/papers/v6/chechik05a.html">Chechik, Globerson, Tishby, Weiss (2005), Information Bottleneck for Gaussian Variables, eq. 17 and 18</a>
     */
    public static Point gaussian(double[] rho, double beta) {
        double complexity = 0;
        double relevance = 0;
        for (double r : rho) {
            if (!(Math.abs(r) < 1)) throw new IllegalArgumentException("InformationBottleneck: a canonical correlation is " + r + ", expected in (-1, 1)");
            double kept = r * r;
            if (beta * kept <= 1) continue;
            double bits = 0.5 * Math.log((beta - 1) * kept / (1 - kept)) / Math.log(2);
            complexity += bits;
            relevance += bits - 0.5 * Math.log(beta * kept) / Math.log(2);
        }
        return new Point(beta, complexity, relevance, new double[0][]);
    }
}
