package lemma.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import lemma.autodiff.GradCheck;
import lemma.data.PrescribedInformation;
import lemma.data.SphericalPatterns;
import lemma.nn.Linear;
import lemma.nn.Model;
import lemma.nn.Params;
import lemma.nn.Sequential;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class InformationTest {
    private static final Fixtures F = Fixtures.read("information.json");
    private static final Tensor X = F.matrix("x");
    private static final Tensor Y = F.matrix("y");
    private static final Tensor LABELS = Tensor.of(F.integers("labels"));

    private static void same(double measured, String fixture) {
        assertThat(measured).isCloseTo(F.number(fixture), within(1e-9));
    }

    private static Tensor normal(long seed, int... shape) {
        return Random.seed(seed).normal(Shape.of(shape), DType.FLOAT64);
    }

    /** Pairs of standard normals with correlation rho. */
    private static Tensor[] correlated(double rho, int n, long seed) {
        Tensor x = normal(2 * seed, n, 1);
        return new Tensor[] {x, x.mul(rho).add(normal(2 * seed + 1, n, 1).mul(Math.sqrt(1 - rho * rho)))};
    }

    // ---- nearest neighbours ----

    @Test
    void nearestNeighbourEstimatesAreScikitLearnsAndSciPys() {
        same(NearestNeighbourInformation.entropy(X, 3), "klEntropy");
        same(NearestNeighbourInformation.mutualInformation(X.narrow(1, 0, 1), Y.narrow(1, 0, 1), 3), "ksg1");
        same(NearestNeighbourInformation.mutualInformation(X, Y, 3), "ksg2");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void nearestNeighbourEntropyIsThatOfAGaussianWithinItsError(int d) {
        double exact = d / 2.0 * Math.log(2 * Math.PI * Math.E);
        double[] draws = IntStream.range(0, 10).mapToDouble(s -> NearestNeighbourInformation.entropy(normal(100 + s, 1000, d), 3)).toArray();
        double mean = Arrays.stream(draws).average().getAsDouble();
        double error = Math.sqrt(Arrays.stream(draws).map(v -> (v - mean) * (v - mean)).sum() / 90);
        assertThat(mean).isCloseTo(exact, within(4 * error + (d > 2 ? 0.05 : 0.01))); // beside chance a bias that grows with d
        assertThat(error).isLessThan(0.03);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 0.9})
    void mutualInformationOfGaussiansIsFound(double rho) {
        double mean = IntStream.range(0, 8).mapToDouble(s -> {
            Tensor[] p = correlated(rho, 1000, s + 50);
            return NearestNeighbourInformation.mutualInformation(p[0], p[1], 3);
        }).average().getAsDouble();
        assertThat(mean).isCloseTo(GaussianInformation.mutualInformation(rho), within(0.03));
    }

    @Test
    void conditionalEntropyIsTheMeanOverClasses() {
        Tensor z = Tensor.concat(java.util.List.of(normal(1, 30, 2), normal(2, 60, 2).mul(3)), 0);
        Tensor y = Tensor.concat(java.util.List.of(Tensor.zeros(30), Tensor.ones(60)), 0).to(DType.INT64);
        double expected = (NearestNeighbourInformation.entropy(z.narrow(0, 0, 30), 3) + 2 * NearestNeighbourInformation.entropy(z.narrow(0, 30, 90), 3)) / 3;
        assertThat(NearestNeighbourInformation.conditionalEntropy(z, y, 3)).isCloseTo(expected, within(1e-12));
    }

    @Test
    void repeatedRowsHaveNoDensity() {
        assertThatThrownBy(() -> NearestNeighbourInformation.entropy(Tensor.ones(5, 2), 3)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("repeated 3 times");
        assertThatThrownBy(() -> NearestNeighbourInformation.mutualInformation(X, Y, 120)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("expected 1..119");
    }

    // ---- known distributions ----

    @Test
    void gaussianValuesAreSciPys() {
        same(GaussianInformation.entropy(F.matrix("cov")), "gaussianEntropy");
        same(GaussianInformation.mutualInformation(F.matrix("cov"), 2), "gaussianMi");
        same(GaussianInformation.entropyOf(X, 0.1), "gaussianEntropyOf");
        assertThat(GaussianInformation.mutualInformation(0.6, 0.3)).isCloseTo(-0.5 * Math.log(0.64 * 0.91), within(1e-12));
        assertThatThrownBy(() -> GaussianInformation.mutualInformation(1.0)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("1.0");
    }

    @Test
    void discreteValuesAreThoseOfTables() {
        assertThat(DiscreteInformation.entropy(new double[] {1, 1, 2})).isCloseTo(1.5, within(1e-12));
        assertThat(DiscreteInformation.mutualInformation(new double[][] {{3, 0}, {0, 3}})).isCloseTo(1, within(1e-12));
        assertThat(DiscreteInformation.mutualInformation(new double[][] {{1, 2}, {2, 4}})).isCloseTo(0, within(1e-12));
        assertThat(DiscreteInformation.divergence(new double[] {1, 1}, new double[] {1, 3})).isCloseTo(0.5 * Math.log(4 / 3.0) / Math.log(2), within(1e-12));
        assertThat(DiscreteInformation.divergence(new double[] {1, 1}, new double[] {1, 0})).isEqualTo(Double.POSITIVE_INFINITY);
        assertThatThrownBy(() -> DiscreteInformation.entropy(new double[] {1, -1})).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("weight 1 is -1.0");
        assertThatThrownBy(() -> DiscreteInformation.entropy(new double[2])).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("sum to 0.0");
    }

    @Test
    void binnedInformationIsThatOfNumPysCells() {
        same(BinnedInformation.entropy(X, 6, -2, 2), "binnedEntropy");
        same(BinnedInformation.mutualInformation(X, LABELS, 6, -2, 2), "binnedMi");
        same(BinnedInformation.mutualInformation(X, F.rows("conditional"), 6, -2, 2), "binnedMiSoft");
        assertThat(BinnedInformation.entropy(Tensor.ones(4, 2), 30)).isZero();
        assertThat(BinnedInformation.entropy(Tensor.of(new double[][] {{0}, {0.4}, {0.6}, {1}}), 2)).isEqualTo(1);
        assertThatThrownBy(() -> BinnedInformation.entropy(X, 6, 1, 1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("low < high");
    }

    // ---- Cauchy-Schwarz ----

    @Test
    void cauchySchwarzIsThatOfNumPy() {
        same(CauchySchwarz.divergence(X, Y, 0.7).item(), "csDivergence");
        same(CauchySchwarz.conditional(X, Y, X.mul(0.7), 0.9, 0.6).item(), "csConditional");
        same(CauchySchwarz.mutualInformation(X, Y, 0.9, 0.6).item(), "csQmi");
        double exact = CauchySchwarz.gaussian(Tensor.of(F.numbers("m1")), F.matrix("cov"), Tensor.of(F.numbers("m2")), Tensor.eye(4, DType.FLOAT64).mul(2));
        same(exact, "csGaussian");
    }

    @Test
    void cauchySchwarzOfSamplesApproachesThatOfWidenedGaussians() {
        double sigma = 0.3;
        double[] draws = IntStream.range(0, 12).mapToDouble(s -> CauchySchwarz.divergenceWithoutDiagonal(normal(s, 600, 1), normal(100 + s, 600, 1).mul(1.5).add(1), sigma).item()).toArray();
        double mean = Arrays.stream(draws).average().getAsDouble();
        double error = Math.sqrt(Arrays.stream(draws).map(v -> (v - mean) * (v - mean)).sum() / (11 * 12));
        double wide = sigma * sigma / 2;
        Tensor zero = Tensor.of(new double[] {0});
        Tensor one = Tensor.of(new double[] {1});
        double exact = CauchySchwarz.gaussian(zero, Tensor.of(new double[][] {{1 + wide}}), one, Tensor.of(new double[][] {{2.25 + wide}}));
        assertThat(mean).isCloseTo(exact, within(4 * error));
    }

    @Test
    void cauchySchwarzOfEqualSamplesIsZeroAndNeverBelow() {
        assertThat(CauchySchwarz.divergence(X, X, 0.7).item()).isCloseTo(0, within(1e-12));
        assertThat(CauchySchwarz.conditional(X, Y, Y, 0.9, 0.6).item()).isCloseTo(0, within(1e-12));
        for (int s = 0; s < 20; s++) assertThat(CauchySchwarz.divergence(normal(s, 15, 2), normal(s + 50, 12, 2), 0.5).item()).isNotNegative();
    }

    @Test
    void cauchySchwarzHasGradients() {
        Tensor x = X.narrow(0, 0, 8);
        Tensor y = Y.narrow(0, 0, 8);
        GradCheck.of((Tensor p) -> CauchySchwarz.divergence(p, y, 0.7)).check(x);
        GradCheck.of((Tensor p) -> CauchySchwarz.conditional(x, y, p, 0.9, 0.6)).check(x.mul(0.7));
        GradCheck.of((Tensor p) -> CauchySchwarz.mutualInformation(x, p, 0.9, 0.6)).check(y);
    }

    // ---- bottleneck ----

    @ParameterizedTest
    @CsvSource({"0", "1", "2"})
    void blahutArimotoFindsTheMinimumOfTheLagrangian(int at) {
        Fixtures ib = F.each("ib").get(at);
        InformationBottleneck.Point p = InformationBottleneck.blahutArimoto(F.rows("pxy"), ib.number("beta"))[0];
        assertThat(p.complexity() - p.beta() * p.relevance()).isCloseTo(ib.number("value"), within(1e-7));
        assertThat(p.complexity()).isCloseTo(ib.number("complexity"), within(1e-5));
        assertThat(p.relevance()).isCloseTo(ib.number("relevance"), within(1e-5));
    }

    @Test
    void theBottleneckCurveRisesFromNothingToAllInformation() {
        double[][] joint = F.rows("pxy");
        InformationBottleneck.Point[] curve = InformationBottleneck.blahutArimoto(joint, 0.5, 3, 6, 1e4);
        assertThat(curve[0].complexity()).isCloseTo(0, within(1e-9));
        assertThat(curve[3].relevance()).isCloseTo(DiscreteInformation.mutualInformation(joint), within(1e-6));
        for (int i = 1; i < 4; i++) assertThat(curve[i].relevance()).isGreaterThanOrEqualTo(curve[i - 1].relevance() - 1e-9);
        assertThatThrownBy(() -> InformationBottleneck.blahutArimoto(joint, -1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("beta is -1.0");
        assertThatThrownBy(() -> InformationBottleneck.blahutArimoto(new double[][] {{1, 1}, {0, 0}}, 1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("x = 1");
    }

    @Test
    void theGaussianBottleneckIsTheBestNoisyProjection() {
        double rho = 0.8;
        double beta = 4;
        InformationBottleneck.Point p = InformationBottleneck.gaussian(new double[] {rho}, beta);
        // T = X + noise of variance s: I(X; T) = 1/2 log2(1 + 1/s), I(T; Y) = -1/2 log2(1 - rho^2 / (1 + s)); the best s by search
        double least = Double.POSITIVE_INFINITY;
        double[] best = new double[2];
        for (double log = -6; log < 6; log += 1e-4) {
            double s = Math.exp(log);
            double complexity = 0.5 * Math.log(1 + 1 / s) / Math.log(2);
            double relevance = -0.5 * Math.log(1 - rho * rho / (1 + s)) / Math.log(2);
            if (complexity - beta * relevance < least) {
                least = complexity - beta * relevance;
                best = new double[] {complexity, relevance};
            }
        }
        assertThat(new double[] {p.complexity(), p.relevance()}).containsExactly(best, within(1e-3));
        assertThat(p.complexity() - beta * p.relevance()).isCloseTo(least, within(1e-7));
        assertThat(InformationBottleneck.gaussian(new double[] {0.5}, 4).complexity()).isZero();
    }

    @Test
    void noCodeTellsMoreThanTheTangentsOfTheCurve() {
        double rho = 0.8;
        double[] betas = IntStream.range(0, 300).mapToDouble(i -> 1.6 * Math.pow(1.03, i)).toArray();
        InformationBottleneck.Point[] curve = Arrays.stream(betas).mapToObj(b -> InformationBottleneck.gaussian(new double[] {rho}, b)).toArray(InformationBottleneck.Point[]::new);
        for (double bits : new double[] {0, 0.1, 0.5, 1, 3}) {
            double exact = -0.5 * Math.log(1 - rho * rho * (1 - Math.pow(2, -2 * bits))) / Math.log(2); // T = X + noise that leaves so many bits
            assertThat(InformationBottleneck.relevanceAt(curve, bits)).isBetween(exact - 1e-12, exact + 1e-3);
        }
        assertThat(InformationBottleneck.relevanceAt(new InformationBottleneck.Point[] {curve[299]}, 0.1)).isEqualTo(0.1);
        assertThatThrownBy(() -> InformationBottleneck.relevanceAt(curve, -1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("complexity of -1.0");
    }

    // ---- lossy compression ----

    @Test
    void principalComponentsAreScikitLearns() {
        Tensor wide = F.matrix("wide");
        Pca pca = Pca.fit(wide, 3);
        Tensor codes = pca.transform(wide);
        assertThat(codes.abs().toDoubles()).containsExactly(F.matrix("pcaCodes").abs().toDoubles(), within(1e-9)); // the signs are open
        assertThat(pca.variance()).containsExactly(F.numbers("pcaVariance"), within(1e-9));
        same(pca.explained(), "pcaExplained");
        assertThat(pca.inverse(codes).toDoubles()).containsExactly(F.matrix("pcaInverse").toDoubles(), within(1e-9));
        assertThatThrownBy(() -> Pca.fit(wide, 9)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("9 components").hasMessageContaining("1..");
        assertThatThrownBy(() -> Pca.fit(Tensor.ones(4, 2), 1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("no variance");
    }

    @Test
    void informationIsFoundThroughALosslessCompression() {
        Tensor[] p = correlated(0.9, 1000, 60);
        Tensor[] q = correlated(0.9, 1000, 61);
        Tensor x = Tensor.concat(java.util.List.of(p[0], q[0]), 1).matmul(normal(5, 2, 20));
        Tensor y = Tensor.concat(java.util.List.of(p[1], q[1]), 1).matmul(normal(6, 2, 15));
        double exact = GaussianInformation.mutualInformation(0.9, 0.9);
        assertThat(CompressedInformation.principal(x, y, 2, 3)).isCloseTo(exact, within(0.12)); // 1.66 nats; four standard errors of 1000 pairs
        assertThat(CompressedInformation.principal(x, y.roll(1, 0), 2, 3)).isCloseTo(0, within(0.12));
    }

    @Test
    void picturesHaveTheInformationOfTheirPlaces() {
        var pairs = new PrescribedInformation(2, 8, 0).sample(2000, Random.seed(5));
        assertThat(NearestNeighbourInformation.mutualInformation(pairs.centres(), pairs.corners(), 3)).isCloseTo(2, within(0.12));
        assertThat(pairs.centres().min().item()).isBetween(0.0, 0.01);
        assertThat(pairs.corners().max().item()).isBetween(0.99, 1.0);
        assertThat(pairs.corners().var(1).item()).isCloseTo(1 / 12.0, within(0.005));
        Tensor area = pairs.corners().mul(6).add(1).prod(1); // what a rectangle covers
        assertThat(pairs.rectangles().sum(1).toDoubles()).containsExactly(area.toDoubles(), within(1e-4));
        Tensor peak = pairs.blobs().argmax(1); // row and column of the brightest pixel, around the centre
        Tensor row = pairs.centres().narrow(1, 0, 1).squeeze(1).mul(4).add(1.5);
        assertThat(peak.floorDivide(8).to(DType.FLOAT64).sub(row).abs().max().item()).isLessThanOrEqualTo(0.5 + 1e-6);
        assertThatThrownBy(() -> PrescribedInformation.of(-1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("-1.0 nats");
    }

    @Test
    void anAutoencoderUnrollsWhatPrincipalComponentsCannot() {
        var pairs = new PrescribedInformation(2, 8, 0).sample(1500, Random.seed(6));
        var options = new Autoencoder.Options(2, 32, 60, 64, 2e-3);
        double compressed = CompressedInformation.autoencoded(pairs.blobs(), pairs.rectangles(), options, 3, 1);
        assertThat(compressed).isCloseTo(2, within(0.3));
        Tensor codes = Autoencoder.fit(pairs.blobs(), options, 1).encode(pairs.blobs());
        assertThat(codes.shape()).isEqualTo(Shape.of(1500, 2));
        assertThatThrownBy(() -> Autoencoder.Options.of(0)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("code 0");
    }

    @Test
    void labelsOfDistantClustersAreKnownAndThoseOfNoiseAreNot() {
        Tensor y = Tensor.arange(4).repeatInterleave(250, 0).to(DType.INT64);
        Tensor noise = normal(70, 1000, 2);
        Tensor far = noise.add(Tensor.of(new double[][] {{0, 0}, {40, 0}, {0, 40}, {40, 40}}).indexSelect(0, y));
        assertThat(CompressedInformation.withLabels(far, y, 3)).isCloseTo(Math.log(4), within(0.05));
        assertThat(CompressedInformation.withLabels(noise, y, 3)).isCloseTo(0, within(0.12));
    }

    // ---- the information plane ----

    @Test
    void aBinnedLayerIsAPointOfThePlane() {
        InformationPlane point = InformationPlane.binned(X, F.rows("conditional"), 6, -2, 2);
        same(point.complexity(), "binnedEntropy");
        same(point.relevance(), "binnedMiSoft");
        assertThatThrownBy(() -> InformationPlane.binned(X, new double[3][2], 6, -2, 2)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("3 distributions");
    }

    @Test
    void patternsOnTheIcosahedronHaveTheLabelsThatNumPyGives() {
        SphericalPatterns rule = SphericalPatterns.of(80);
        double[][] joint = rule.joint();
        assertThat(joint.length).isEqualTo((int) F.number("patternLevels"));
        same(DiscreteInformation.mutualInformation(joint), "patternInformation");
        same(Arrays.stream(rule.conditional()).mapToDouble(p -> p[1]).average().getAsDouble(), "patternMean");
        Tensor x = rule.patterns();
        assertThat(x.abs().min().item()).isEqualTo(1);
        assertThat(BinnedInformation.entropy(x, 2, -1, 1)).isEqualTo(12);
        assertThat(rule.labels(Random.seed(1)).mean().item()).isCloseTo(F.number("patternMean"), within(0.02));
        assertThat(SphericalPatterns.of(0).conditional()[7]).containsExactly(0.5, 0.5);
        assertThatThrownBy(() -> SphericalPatterns.of(-1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("slope is -1.0");
    }

    @Test
    void theGradientsOfBatchesHaveTheirMeanAndDeviation() {
        double[] x = {1, 2, -1, 3, 0.5, 2};
        double[] y = {2, 1, 0, 1, -1, 3};
        double w = 0.7;
        double[] slopes = IntStream.range(0, 3).mapToDouble(b -> IntStream.of(2 * b, 2 * b + 1).mapToDouble(i -> x[i] * (w * x[i] - y[i])).sum()).toArray(); // of the mean of two squares
        double mean = Arrays.stream(slopes).average().getAsDouble();
        double deviation = Math.sqrt(Arrays.stream(slopes).map(g -> (g - mean) * (g - mean)).average().getAsDouble());
        Model line = Sequential.of(Linear.of(1, 1).withoutBias()).init(Random.seed(1)).with(Params.of("0.weight", Tensor.of(new double[][] {{w}})));
        var snr = GradientSnr.of(line, (o, t) -> o.sub(t).square().mean(), Tensor.of(x, 6, 1), Tensor.of(y, 6, 1), 2);
        assertThat(snr).containsOnlyKeys("0");
        assertThat(snr.get("0")).isCloseTo(Math.abs(mean) / deviation, within(1e-12));
        assertThatThrownBy(() -> GradientSnr.of(line, (o, t) -> o.sum(), Tensor.of(x, 6, 1), Tensor.of(y, 6, 1), 4)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("6 examples in batches of 4");
    }

    // ---- usable information and bounds ----

    @Test
    void vInformationIsThatOfScikitLearnsRidge() {
        Tensor features = Tensor.concat(java.util.List.of(X, X.tanh()), 1);
        Tensor z = Y.narrow(1, 0, 1).squeeze(1);
        Tensor a = features.narrow(0, 0, 80);
        Tensor b = z.narrow(0, 0, 80);
        same(VInformation.linear(a, b, 2.5).rSquared(), "vTrain");
        same(VInformation.linear(a, b, features.narrow(0, 80, 120), z.narrow(0, 80, 120), 2.5).rSquared(), "vTest");
        assertThatThrownBy(() -> VInformation.linear(X, Tensor.ones(120), 0)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("constant");
    }

    @Test
    void vInformationOfGaussiansIsTheirMutualInformation() {
        Tensor[] p = correlated(0.7, 40_000, 3);
        assertThat(VInformation.linear(p[0], p[1].squeeze(1), 0).nats()).isCloseTo(GaussianInformation.mutualInformation(0.7), within(1e-2));
        assertThat(new VInformation(-0.2).nats()).isZero();
    }

    @Test
    void boundsOfGivenScoresAreTheirFormulas() {
        double[][] f = {{1, 0.2, -0.5}, {0.3, 2, 0.1}, {-1, 0.4, 0.7}};
        Tensor scores = Tensor.of(f);
        double joint = (1 + 2 + 0.7) / 3;
        double rows = 0;
        double others = 0;
        for (int i = 0; i < 3; i++) {
            rows += Math.log(Arrays.stream(f[i]).map(Math::exp).sum() / 3) / 3;
            for (int j = 0; j < 3; j++) if (i != j) others += Math.exp(f[i][j]) / 6;
        }
        assertThat(MutualInformationBound.of(scores, MutualInformationBound.Kind.INFO_NCE).item()).isCloseTo(joint - rows, within(1e-12));
        assertThat(MutualInformationBound.of(scores, MutualInformationBound.Kind.MINE).item()).isCloseTo(joint - Math.log(others), within(1e-12));
        assertThat(MutualInformationBound.of(scores, MutualInformationBound.Kind.NWJ).item()).isCloseTo(joint - others / Math.E, within(1e-12));
        assertThatThrownBy(() -> MutualInformationBound.of(Tensor.ones(2, 3), MutualInformationBound.Kind.NWJ)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("[2, 3]");
    }

    @ParameterizedTest
    @EnumSource(MutualInformationBound.Kind.class)
    void aTrainedCriticComesNearTheInformationOfGaussians(MutualInformationBound.Kind kind) {
        Tensor[] p = correlated(0.8, 6000, 7);
        Tensor[] test = correlated(0.8, 4096, 8);
        var options = new MutualInformationBound.Options(32, 16, 128, 800, 3e-3);
        double bound = MutualInformationBound.train(p[0], p[1], test[0], test[1], kind, options, 1);
        double exact = GaussianInformation.mutualInformation(0.8); // 0.511
        assertThat(bound).isBetween(exact - 0.12, exact + 0.05);
    }
}
