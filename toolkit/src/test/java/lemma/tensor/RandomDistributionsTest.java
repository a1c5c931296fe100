package lemma.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.hipparchus.distribution.IntegerDistribution;
import org.hipparchus.distribution.RealDistribution;
import org.hipparchus.distribution.continuous.BetaDistribution;
import org.hipparchus.distribution.continuous.CauchyDistribution;
import org.hipparchus.distribution.continuous.ChiSquaredDistribution;
import org.hipparchus.distribution.continuous.ExponentialDistribution;
import org.hipparchus.distribution.continuous.GammaDistribution;
import org.hipparchus.distribution.continuous.GumbelDistribution;
import org.hipparchus.distribution.continuous.LaplaceDistribution;
import org.hipparchus.distribution.continuous.LogNormalDistribution;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.distribution.continuous.TDistribution;
import org.hipparchus.distribution.continuous.UniformRealDistribution;
import org.hipparchus.distribution.discrete.BinomialDistribution;
import org.hipparchus.distribution.discrete.PoissonDistribution;
import org.hipparchus.stat.inference.ChiSquareTest;
import org.hipparchus.stat.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Distributions against their distribution functions: seeds are fixed, p-values must exceed 1e-4. */
class RandomDistributionsTest {
    private static final int N = 20_000;
    private static final double SIGNIFICANCE = 1e-4;

    /** A FLOAT64 draw of N numbers. */
    private static Tensor all(double v) {
        return Tensor.full(Shape.of(N), DType.FLOAT64, v);
    }

    private static Arguments law(String name, Function<Random, Tensor> draw, RealDistribution exact) {
        return Arguments.of(name, draw, exact);
    }

    static Stream<Arguments> continuous() {
        return Stream.of(
                law("exponential", r -> r.exponential(all(2.5)), new ExponentialDistribution(0.4)),
                law("gamma of 0.05", r -> r.gamma(all(0.05), all(1)), new GammaDistribution(0.05, 1)),
                law("gamma of 0.7", r -> r.gamma(all(0.7), all(2)), new GammaDistribution(0.7, 0.5)),
                law("gamma of 1", r -> r.gamma(all(1), all(1)), new GammaDistribution(1, 1)),
                law("gamma of 30", r -> r.gamma(all(30), all(0.5)), new GammaDistribution(30, 2)),
                law("chi-square of 1", r -> r.chiSquare(all(1)), new ChiSquaredDistribution(1)),
                law("chi-square of 7.5", r -> r.chiSquare(all(7.5)), new ChiSquaredDistribution(7.5)),
                law("t of 2.5", r -> r.studentT(all(2.5)), new TDistribution(2.5)),
                law("t of 30", r -> r.studentT(all(30)), new TDistribution(30)),
                law("beta of 0.4 and 0.7", r -> r.beta(all(0.4), all(0.7)), new BetaDistribution(0.4, 0.7)),
                law("beta of 3 and 8", r -> r.beta(all(3), all(8)), new BetaDistribution(3, 8)),
                law("laplace", r -> r.laplace(all(1), all(2)), new LaplaceDistribution(1, 2)),
                law("cauchy", r -> r.cauchy(all(-1), all(0.5)), new CauchyDistribution(-1, 0.5)),
                law("gumbel", r -> r.gumbel(all(1), all(2)), new GumbelDistribution(1, 2)),
                law("logNormal", r -> r.logNormal(all(0.3), all(0.8)), new LogNormalDistribution(0.3, 0.8)),
                law("truncated normal", r -> truncated(r, 1, 2, -0.5, 3), new UniformRealDistribution(0, 1)),
                law("truncated normal, right tail", r -> truncated(r, 0, 1, 6, 7), new UniformRealDistribution(0, 1)),
                law("truncated normal, left tail", r -> truncated(r, 0, 1, Double.NEGATIVE_INFINITY, -3), new UniformRealDistribution(0, 1)));
    }

    /** Through its distribution function: uniform. */
    private static Tensor truncated(Random r, double mean, double std, double low, double high) {
        double[] x = r.truncatedNormal(all(mean), all(std), all(low), all(high)).toDoubles();
        NormalDistribution normal = new NormalDistribution(mean, std);
        boolean right = low > mean;
        double from = right ? normal.cumulativeProbability(2 * mean - high) : normal.cumulativeProbability(low);
        double to = right ? normal.cumulativeProbability(2 * mean - low) : normal.cumulativeProbability(high);
        assertThat(Arrays.stream(x).allMatch(v -> v >= low && v <= high)).isTrue();
        return Tensor.of(Arrays.stream(x).map(v -> (normal.cumulativeProbability(right ? 2 * mean - v : v) - from) / (to - from)).toArray());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("continuous")
    void numbersFollowTheirDistribution(String name, Function<Random, Tensor> draw, RealDistribution exact) {
        double[] x = draw.apply(Random.seed(101)).toDoubles();
        assertThat(new KolmogorovSmirnovTest().kolmogorovSmirnovTest(exact, x)).isGreaterThan(SIGNIFICANCE);
        double mean = exact.getNumericalMean();
        double sd = Math.sqrt(exact.getNumericalVariance());
        if (Double.isFinite(mean) && Double.isFinite(sd)) assertThat(Arrays.stream(x).average().orElseThrow()).isCloseTo(mean, within(4 * sd / Math.sqrt(N)));
    }

    static Stream<Arguments> discrete() {
        return Stream.of(
                Arguments.of("poisson of 0.3", (Function<Random, Tensor>) r -> r.poisson(all(0.3)), new PoissonDistribution(0.3)),
                Arguments.of("poisson of 9.9", (Function<Random, Tensor>) r -> r.poisson(all(9.9)), new PoissonDistribution(9.9)),
                Arguments.of("poisson of 10.1", (Function<Random, Tensor>) r -> r.poisson(all(10.1)), new PoissonDistribution(10.1)),
                Arguments.of("poisson of 400", (Function<Random, Tensor>) r -> r.poisson(all(400)), new PoissonDistribution(400)),
                Arguments.of("binomial of 7 and 0.3", (Function<Random, Tensor>) r -> r.binomial(all(7), all(0.3)), new BinomialDistribution(7, 0.3)),
                Arguments.of("binomial of 30 and 0.8", (Function<Random, Tensor>) r -> r.binomial(all(30), all(0.8)), new BinomialDistribution(30, 0.8)),
                Arguments.of("binomial of 25 and 0.45", (Function<Random, Tensor>) r -> r.binomial(all(25), all(0.45)), new BinomialDistribution(25, 0.45)),
                Arguments.of("binomial of 1000 and 0.6", (Function<Random, Tensor>) r -> r.binomial(all(1000), all(0.6)), new BinomialDistribution(1000, 0.6)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("discrete")
    void countsFollowTheirDistribution(String name, Function<Random, Tensor> draw, IntegerDistribution exact) {
        long[] x = draw.apply(Random.seed(102)).toLongs();
        assertThat(chiSquare(x, exact)).isGreaterThan(SIGNIFICANCE);
        double sd = Math.sqrt(exact.getNumericalVariance());
        assertThat(Arrays.stream(x).average().orElseThrow()).isCloseTo(exact.getNumericalMean(), within(4 * sd / Math.sqrt(N)));
    }

    /** Neighbouring counts share a bin until twenty are expected in it. */
    private static double chiSquare(long[] x, IntegerDistribution exact) {
        TreeMap<Long, Long> counts = new TreeMap<>();
        for (long v : x) counts.merge(v, 1L, Long::sum);
        double[] expected = new double[4096];
        long[] observed = new long[4096];
        int bins = 0;
        double seen = 0;
        long top = Math.min(exact.getSupportUpperBound(), 5000);
        for (int k = 0; k <= top; k++) {
            expected[bins] += x.length * exact.probability(k);
            observed[bins] += counts.getOrDefault((long) k, 0L);
            if (expected[bins] < 20) continue;
            seen += expected[bins];
            if (x.length - seen < 20) break;
            bins++;
        }
        expected[bins] += x.length - Arrays.stream(expected, 0, bins + 1).sum();
        observed[bins] += x.length - Arrays.stream(observed, 0, bins + 1).sum();
        return new ChiSquareTest().chiSquareTest(Arrays.copyOf(expected, bins + 1), Arrays.copyOf(observed, bins + 1));
    }

    private static Map<String, Function<Random, Tensor>> draws() {
        Tensor shapes = Random.seed(1).uniform(Shape.of(3001), DType.FLOAT64).mul(3).add(0.1);
        Map<String, Function<Random, Tensor>> all = new TreeMap<>();
        all.put("gamma", r -> r.gamma(shapes, shapes.onesLike()));
        all.put("beta", r -> r.beta(shapes, shapes.flip(0)));
        all.put("studentT", r -> r.studentT(shapes));
        all.put("poisson", r -> r.poisson(shapes.mul(8)));
        all.put("binomial", r -> r.binomial(shapes.mul(20).floor(), shapes.div(4)));
        all.put("dirichlet", r -> r.dirichlet(shapes.narrow(0, 0, 3000).reshape(1000, 3)));
        all.put("categorical", r -> r.categorical(shapes.narrow(0, 0, 3000).reshape(1000, 3)));
        all.put("multinomial", r -> r.multinomial(shapes.narrow(0, 0, 3000).reshape(1000, 3), 2, false));
        all.put("truncatedNormal", r -> r.truncatedNormal(0, 1, -2, 2, 3001));
        all.put("exponential", r -> r.exponential(1.5, 3001));
        all.put("shuffle", r -> r.shuffle(shapes));
        return all;
    }

    @Test
    void theBitsDoNotDependOnTheNumberOfThreads() {
        draws().forEach((name, draw) -> {
            Supplier<double[]> run = () -> draw.apply(Random.seed(7)).toDoubles();
            double[] one = Threads.with(1, run);
            for (int threads : new int[] {2, 4}) assertThat(Threads.with(threads, run)).as("%s on %d threads", name, threads).isEqualTo(one);
        });
    }

    @Test
    void oneElementDoesNotChangeTheOthers() {
        double[] shapes = IntStream.range(0, 500).mapToDouble(i -> 0.2 + 0.01 * i).toArray();
        double[] before = Random.seed(3).gamma(Tensor.of(shapes), Tensor.scalar(1)).toDoubles();
        shapes[100] = 0.01;
        double[] after = Random.seed(3).gamma(Tensor.of(shapes), Tensor.scalar(1)).toDoubles();
        assertThat(after[100]).isNotEqualTo(before[100]);
        after[100] = before[100];
        assertThat(after).containsExactly(before);
    }

    @Test
    void callsGoOnFromWhereTheLastStood() {
        Random a = Random.seed(9);
        double[] first = a.gamma(2, 1, 40).toDoubles();
        Random b = Random.of(a.state());
        double[] second = a.gamma(2, 1, 40).toDoubles();
        assertThat(second).isNotEqualTo(first);
        assertThat(b.gamma(2, 1, 40).toDoubles()).containsExactly(second);
        double[] u = Random.seed(9).uniform(Shape.of(40), DType.FLOAT64).toDoubles();
        double[] v = Random.seed(9).exponential(Tensor.full(Shape.of(40), DType.FLOAT64, 1)).neg().exp().toDoubles();
        for (int i = 0; i < 40; i++) assertThat(v[i]).as("apart from the uniform numbers of the same place").isNotCloseTo(u[i], within(1e-9)).isNotCloseTo(1 - u[i], within(1e-9));
    }

    @Test
    void dirichletLiesInTheSimplexWithItsMoments() {
        Tensor a = Tensor.of(new double[] {0.5, 1.5, 3}).expand(N, 3);
        Tensor x = Random.seed(11).dirichlet(a);
        assertThat(x.sum(1).sub(1).abs().max().item()).isLessThan(1e-12);
        double[] mean = x.mean(0).toDoubles();
        double[] variance = x.var(1, 0).toDoubles();
        double[] exact = {0.1, 0.3, 0.6};
        for (int i = 0; i < 3; i++) {
            double v = exact[i] * (1 - exact[i]) / 6;
            assertThat(mean[i]).isCloseTo(exact[i], within(4 * Math.sqrt(v / N)));
            assertThat(variance[i]).isCloseTo(v, within(0.05 * v));
        }
        Tensor tiny = Random.seed(12).dirichlet(Tensor.full(Shape.of(1000, 4), DType.FLOAT64, 1e-4));
        assertThat(tiny.isFinite().all().item()).isEqualTo(1);
        assertThat(tiny.max(1).mean().item()).isGreaterThan(0.99);
    }

    @Test
    void classesComeInProportionToTheirWeights() {
        double[] weights = {2, 0, 5, 1, 2};
        Tensor w = Tensor.of(weights);
        Tensor logits = w.log().add(3).expand(N, 5);
        Map<String, Tensor> draws = Map.of("categorical", Random.seed(21).categorical(logits), "multinomial", Random.seed(22).multinomial(w, N, true),
                "rows", Random.seed(23).multinomial(w.expand(N, 5), 1, true).reshape(-1), "first without replacement", Random.seed(24).multinomial(w.expand(N, 5), 3, false).get(Slice.all(), Slice.at(0)));
        draws.forEach((name, t) -> {
            long[] counts = t.bincount(5).toLongs();
            assertThat(counts[1]).as(name).isZero();
            long[] seen = {counts[0], counts[2], counts[3], counts[4]};
            assertThat(new ChiSquareTest().chiSquareTest(new double[] {0.2 * N, 0.5 * N, 0.1 * N, 0.2 * N}, seen)).as(name).isGreaterThan(SIGNIFICANCE);
        });
    }

    @Test
    void withoutReplacementTheSecondClassIsDrawnFromWhatIsLeft() {
        double[] w = {1, 2, 3};
        long[] pairs = Random.seed(25).multinomial(Tensor.of(w).expand(N, 3), 2, false).toLongs();
        long[] counts = new long[6];
        double[] expected = new double[6];
        int[][] order = {{0, 1}, {0, 2}, {1, 0}, {1, 2}, {2, 0}, {2, 1}};
        for (int k = 0; k < 6; k++) expected[k] = N * w[order[k][0]] / 6 * w[order[k][1]] / (6 - w[order[k][0]]);
        for (int i = 0; i < N; i++) for (int k = 0; k < 6; k++) if (pairs[2 * i] == order[k][0] && pairs[2 * i + 1] == order[k][1]) counts[k]++;
        assertThat(Arrays.stream(counts).sum()).isEqualTo(N);
        assertThat(new ChiSquareTest().chiSquareTest(expected, counts)).isGreaterThan(SIGNIFICANCE);
    }

    @Test
    void choicesAndShuffles() {
        assertThat(Random.seed(31).choice(10, 10, false).sort(0, false).toLongs()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(Random.seed(32).choice(3, 1000, true).unique().values().toLongs()).containsExactly(0, 1, 2);
        Tensor x = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 3, 2);
        Tensor y = Random.seed(33).shuffle(x);
        assertThat(y.get(Slice.all(), Slice.at(0)).sort(0, false).toDoubles()).containsExactly(1, 3, 5);
        assertThat(y.get(Slice.all(), Slice.at(1)).sub(y.get(Slice.all(), Slice.at(0))).toDoubles()).containsOnly(1);
        long[] places = new long[6];
        for (int i = 0; i < 6000; i++) places[(int) Random.seed(1000 + i).permutation(3).toLongs()[0] * 2]++;
        assertThat(new ChiSquareTest().chiSquareTest(new double[] {2000, 2000, 2000}, new long[] {places[0], places[2], places[4]})).isGreaterThan(SIGNIFICANCE);
        double share = Random.seed(34).bernoulli(all(0.3)).mean().item();
        assertThat(share).isCloseTo(0.3, within(4 * Math.sqrt(0.21 / N)));
    }

    @Test
    void typesShapesAndEmptyTensors() {
        assertThat(Random.seed(41).gamma(2, 1, 3, 4).dtype()).isEqualTo(DType.FLOAT32);
        assertThat(Random.seed(41).gamma(Tensor.ones(3, 1), Tensor.full(Shape.of(4), DType.FLOAT64, 1)).shape()).isEqualTo(Shape.of(3, 4));
        assertThat(Random.seed(41).poisson(Tensor.ones(0, 2)).shape()).isEqualTo(Shape.of(0, 2));
        assertThat(Random.seed(41).bernoulli(Tensor.ones(2)).dtype()).isEqualTo(DType.BOOL);
        assertThat(Random.seed(41).multinomial(Tensor.ones(2, 3), 0, false).shape()).isEqualTo(Shape.of(2, 0));
        assertThat(Random.seed(41).binomial(5, 0, 100).toDoubles()).containsOnly(0);
        assertThat(Random.seed(41).binomial(500, 1, 100).toDoubles()).containsOnly(500);
        assertThat(Random.seed(41).poisson(0, 100).toDoubles()).containsOnly(0);
        Tensor strided = Tensor.of(new double[] {0, 100, 0, 100}, 2, 2).t();
        assertThat(Random.seed(41).poisson(strided).get(0).toDoubles()).containsOnly(0);
    }

    @Test
    void badParametersAreNamed() {
        Random r = Random.seed(1);
        assertThatThrownBy(() -> r.gamma(-1, 1, 2)).hasMessageContaining("concentration is -1.0");
        assertThatThrownBy(() -> r.exponential(0, 2)).hasMessageContaining("rate is 0.0");
        assertThatThrownBy(() -> r.poisson(Double.NaN, 2)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> r.binomial(2.5, 0.5, 2)).hasMessageContaining("n is 2.5");
        assertThatThrownBy(() -> r.binomial(2, 1.5, 2)).hasMessageContaining("p is 1.5");
        assertThatThrownBy(() -> r.truncatedNormal(0, 1, 2, 1, 2)).hasMessageContaining("2.0 and 1.0");
        assertThatThrownBy(() -> r.truncatedNormal(0, 1, 50, 51, 2)).hasMessageContaining("tail");
        assertThatThrownBy(() -> r.multinomial(Tensor.of(new double[] {1, 0, 2}), 3, false)).hasMessageContaining("3 of 2");
        assertThatThrownBy(() -> r.multinomial(Tensor.of(new double[] {1, -1}), 1, true)).hasMessageContaining("not negative");
        assertThatThrownBy(() -> r.categorical(Tensor.of(new double[] {Double.NaN, 1}))).hasMessageContaining("NaN");
        assertThatThrownBy(() -> r.choice(3, 4, false)).hasMessageContaining("4 of 3");
        assertThatThrownBy(() -> r.gamma(Tensor.ones(2), Tensor.ones(3))).hasMessageContaining("[2]").hasMessageContaining("[3]");
    }
}
