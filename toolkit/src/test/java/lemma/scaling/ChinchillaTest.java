package lemma.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import lemma.plot.Figure;
import lemma.stats.Interval;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class ChinchillaTest {
    private static final String[] NAMES = {"A", "B", "E", "alpha", "beta"};
    private static final double[] PLANTED = {400, 1800, 1.7, 0.34, 0.36};

    @Test
    void reachesTheOptimumOfSciPyOnTheSameObjective() {
        JsonObject scipy = Fixtures.get("chinchilla");
        ScalingFit fit = Chinchilla.fit(Fixtures.numbers(scipy, "N"), Fixtures.numbers(scipy, "D"), Fixtures.numbers(scipy, "loss"));
        assertThat(fit.objective()).isCloseTo(scipy.get("objective").getAsDouble(), withinPercentage(1e-8));
        for (String name : NAMES) assertThat(fit.parameter(name)).as(name).isCloseTo(scipy.get(name).getAsDouble(), withinPercentage(1e-3));
    }

    @Test
    void fitsThePublishedPointsAsSciPyDoes() {
        Table published = publishedPoints();
        ScalingFit fit = Chinchilla.fit(published, "N", "D", "loss");
        assertThat(fit.observations()).isEqualTo(240);
        assertThat(fit.objective()).isLessThanOrEqualTo(0.0010183);
        assertThat(fit.parameter("E")).isCloseTo(1.8172180997, withinPercentage(0.5));
        assertThat(fit.parameter("alpha")).isCloseTo(0.3473104982, withinPercentage(0.5));
        assertThat(fit.parameter("beta")).isCloseTo(0.3671724331, withinPercentage(0.5));
    }

    @Test
    void recoversPlantedParametersFromCleanLosses() {
        Runs runs = planted(0, 0);
        ScalingFit fit = Chinchilla.fit(runs.n, runs.d, runs.loss);
        for (int j = 0; j < NAMES.length; j++) assertThat(fit.parameter(NAMES[j])).as(NAMES[j]).isCloseTo(PLANTED[j], withinPercentage(0.01));
        assertThat(fit.predict(1e11, 2e12)).isCloseTo(1.7 + 400 / Math.pow(1e11, 0.34) + 1800 / Math.pow(2e12, 0.36), withinPercentage(1e-4));
        assertThat(fit.warnings()).isEmpty();
    }

    @Test
    void leastSquaresFromProjectedStartsReachesTheMinimumOfTheWholeGrid() {
        SplittableRandom random = new SplittableRandom(8);
        double[] n = IntStream.range(0, 25).mapToDouble(i -> 5e7 * Math.pow(4, i / 5)).toArray();
        double[] d = IntStream.range(0, 25).mapToDouble(i -> 1e9 * Math.pow(4, i % 5)).toArray();
        double[] loss = IntStream.range(0, 25).mapToDouble(i -> (1.8 + 480 / Math.pow(n[i], 0.35) + 2000 / Math.pow(d[i], 0.37)) * Math.exp(0.01 * random.nextGaussian())).toArray();
        double[][] inputs = {n, d};
        ScalingFit few = Chinchilla.leastSquares().fit(loss, inputs);
        ScalingFit all = LawFitter.of(new Chinchilla()).fit(loss, inputs);
        assertThat(few.objective()).isCloseTo(all.objective(), withinPercentage(1e-6));
        assertThat(few.parameter("alpha")).isCloseTo(all.parameter("alpha"), within(1e-5));
        assertThat(few.parameter("beta")).isCloseTo(all.parameter("beta"), within(1e-5));
    }

    @Test
    void intervalsCoverPlantedParameters() {
        Runs runs = planted(0.005, 11);
        ScalingFit fit = Chinchilla.fitter().withResamples(1000).withSeed(5).fit(runs.loss, runs.n, runs.d);
        for (int j = 0; j < NAMES.length; j++) assertThat(fit.interval(NAMES[j], 0.99).contains(PLANTED[j])).as("%s in %s", NAMES[j], fit.interval(NAMES[j], 0.99)).isTrue();
        Interval split = fit.interval(p -> p[4] / (p[3] + p[4]), 0.99);
        assertThat(split.contains(0.36 / 0.70)).isTrue();
        assertThat(fit.interval(new double[] {1e10, 1e11}, 0.99).contains(1.7 + 400 / Math.pow(1e10, 0.34) + 1800 / Math.pow(1e11, 0.36))).isTrue();
        assertThat(fit.interval("alpha", 0.5).width()).isLessThan(fit.interval("alpha", 0.99).width());
    }

    @Test
    void aFewWildLossesHardlyMoveTheFit() {
        Runs runs = planted(0.002, 12);
        ScalingFit calm = Chinchilla.fit(runs.n, runs.d, runs.loss);
        runs.loss[7] *= 1.5;
        runs.loss[40] *= 2;
        ScalingFit wild = Chinchilla.fit(runs.n, runs.d, runs.loss);
        assertThat(wild.parameter("alpha")).isCloseTo(calm.parameter("alpha"), withinPercentage(3));
        assertThat(wild.parameter("beta")).isCloseTo(calm.parameter("beta"), withinPercentage(3));
    }

    @Test
    void gradientIsTheDerivativeOfTheObjective() {
        JsonObject scipy = Fixtures.get("chinchilla");
        double[] n = Fixtures.numbers(scipy, "N");
        double[] d = Fixtures.numbers(scipy, "D");
        double[] logLoss = Arrays.stream(Fixtures.numbers(scipy, "loss")).map(Math::log).toArray();
        Chinchilla law = new Chinchilla();
        double[][] features = new double[n.length][];
        for (int i = 0; i < n.length; i++) features[i] = law.features(n[i], d[i]);
        LogResiduals problem = LogResiduals.of(law, features, logLoss, null, Chinchilla.HUBER_DELTA);
        double[] x = {6.1, 7.4, 0.5, 0.33, 0.37};
        double[] gradient = new double[5];
        problem.valueAndGradient(x, gradient);
        for (int j = 0; j < 5; j++) {
            double h = 1e-6;
            double[] up = x.clone();
            double[] down = x.clone();
            up[j] += h;
            down[j] -= h;
            double slope = (problem.valueAndGradient(up, new double[5]) - problem.valueAndGradient(down, new double[5])) / (2 * h);
            assertThat(gradient[j]).as(NAMES[j]).isCloseTo(slope, within(1e-6 * (1 + Math.abs(slope))));
        }
    }

    @Test
    void saysThatAnExponentStandsAtItsBound() {
        Runs runs = planted(0, 0);
        for (int i = 0; i < runs.loss.length; i++) runs.loss[i] = 2 + Math.pow(runs.n[i] / 1e10, 0.1) + 1800 / Math.pow(runs.d[i], 0.36);
        ScalingFit fit = Chinchilla.fit(runs.n, runs.d, runs.loss);
        assertThat(fit.parameter("alpha")).isGreaterThanOrEqualTo(0);
        assertThat(fit.warnings()).anyMatch(w -> w.contains("bound 0"));
        assertThat(fit.toString()).contains("Warning: ");
    }

    @Test
    void saysThatTheIrreducibleLossStandsAtZero() {
        Runs runs = planted(0, 0);
        for (int i = 0; i < runs.loss.length; i++) runs.loss[i] = 400 / Math.pow(runs.n[i], 0.34) + 1800 / Math.pow(runs.d[i], 0.36);
        ScalingFit fit = Chinchilla.fit(runs.n, runs.d, runs.loss);
        assertThat(fit.warnings()).anyMatch(w -> w.startsWith("E stands at its bound 0"));
    }

    @Test
    void fitsAndResamplesToTheSameBitsEveryTime() {
        Runs runs = planted(0.005, 3);
        LawFitter fitter = Chinchilla.fitter().withResamples(200);
        assertThat(fitter.fit(runs.loss, runs.n, runs.d).summary()).isEqualTo(fitter.fit(runs.loss, runs.n, runs.d).summary());
    }

    @Test
    void printsLikeAStatisticsPackage() {
        Runs runs = planted(0.005, 3);
        ScalingFit fit = Chinchilla.fitter().withResamples(200).fit(runs.loss, runs.n, runs.d);
        assertThat(fit.summary()).contains("L = E + A / N^alpha + B / D^beta", "48 observations", "4500 starts", "estimate", "std. error", "95% interval", "percentile bootstrap, 200");
        assertThat(fit.bundle().plain()).isEqualTo(fit.summary());
    }

    @Test
    void readsATable() {
        Runs runs = planted(0.002, 4);
        Table table = Table.create("runs", DoubleColumn.create("params", runs.n), DoubleColumn.create("tokens", runs.d), DoubleColumn.create("loss", runs.loss));
        assertThat(Chinchilla.fit(table, "params", "tokens", "loss").parameters()).isEqualTo(Chinchilla.fit(runs.n, runs.d, runs.loss).parameters());
    }

    @Test
    void refusesDataThatCannotBeFitted() {
        Runs runs = planted(0, 0);
        double[] negative = runs.loss.clone();
        negative[3] = -0.5;
        assertThatThrownBy(() -> Chinchilla.fit(runs.n, runs.d, negative)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("the target is -0.5 in observation 3");
        double[] nan = runs.n.clone();
        nan[7] = Double.NaN;
        assertThatThrownBy(() -> Chinchilla.fit(nan, runs.d, runs.loss)).hasMessageContaining("N is NaN in observation 7");
        double[] constant = new double[runs.n.length];
        Arrays.fill(constant, 1e9);
        assertThatThrownBy(() -> Chinchilla.fit(constant, runs.d, runs.loss)).hasMessageContaining("N takes 1 different value (N = 1.0E9), expected at least 3");
        assertThatThrownBy(() -> Chinchilla.fit(new double[] {1, 2, 3}, new double[] {1, 2, 3}, new double[] {3, 2, 1})).hasMessageContaining("3 observations for 5 parameters, expected at least 6");
        assertThatThrownBy(() -> Chinchilla.fit(new double[] {1, 2, 3}, runs.d, runs.loss)).hasMessageContaining("3 values of N for 48 targets");
    }

    @Test
    void refusesColumnsThatCannotBeFitted() {
        Table table = Table.create("runs", DoubleColumn.create("params", 1, 2), StringColumn.create("tokens", "many", "few"), DoubleColumn.create("loss", 1, Double.NaN));
        assertThatThrownBy(() -> Chinchilla.fit(table, "params", "params", "loss")).hasMessageContaining("column \"loss\" has no value in row [1]");
        assertThatThrownBy(() -> Chinchilla.fit(table, "params", "tokens", "params")).hasMessageContaining("column \"tokens\" holds STRING, expected numbers");
        assertThatThrownBy(() -> Chinchilla.fit(table, "size", "tokens", "params")).hasMessageContaining("no column \"size\" in table runs").hasMessageContaining("params");
    }

    @Test
    void theOptimalAllocationBeatsItsNeighboursAtTheSameCompute() {
        Runs runs = planted(0, 0);
        ScalingFit fit = Chinchilla.fit(runs.n, runs.d, runs.loss);
        Chinchilla.Allocation best = Chinchilla.optimal(fit, 5.76e23);
        assertThat(6 * best.params() * best.tokens()).isCloseTo(5.76e23, withinPercentage(1e-9));
        assertThat(best.loss()).isEqualTo(fit.predict(best.params(), best.tokens()));
        for (double factor : new double[] {0.98, 1.02}) {
            assertThat(fit.predict(factor * best.params(), best.tokens() / factor)).isGreaterThan(best.loss());
        }
        assertThatThrownBy(() -> Chinchilla.optimal(fit, -1)).hasMessageContaining("flops is -1.0");
        assertThatThrownBy(() -> Chinchilla.optimal(PowerLawFit.of(runs.n, runs.loss).scalingFit(), 1e20)).hasMessageContaining("law power law");
    }

    @Test
    void intervalsOfTheAllocationHoldThePlantedOne() {
        Runs runs = planted(0.005, 11);
        ScalingFit fit = Chinchilla.fitter().withResamples(1000).withSeed(5).fit(runs.loss, runs.n, runs.d);
        double flops = 1e21;
        double best = Math.pow(0.34 * 400 / (0.36 * 1800), 1 / 0.7) * Math.pow(flops / 6, 0.36 / 0.7);
        assertThat(Chinchilla.optimalParams(fit, flops, 0.99).contains(best)).isTrue();
        assertThat(Chinchilla.optimalTokens(fit, flops, 0.99).contains(flops / 6 / best)).isTrue();
        assertThat(Chinchilla.optimalParams(fit, flops, 0.99).contains(Chinchilla.optimal(fit, flops).params())).isTrue();
        assertThatThrownBy(() -> Chinchilla.optimalParams(fit, 0, 0.95)).hasMessageContaining("flops is 0.0");
    }

    @Test
    void drawsContoursRunsAndTheFrontier() {
        Runs runs = planted(0.005, 3);
        ScalingFit fit = Chinchilla.fit(runs.n, runs.d, runs.loss);
        assertThat(traces(fit.figure())).contains("runs", "efficient frontier");
    }

    private static List<String> traces(Figure figure) {
        return ((List<?>) figure.plotly().get("data")).stream().map(trace -> String.valueOf(((Map<?, ?>) trace).get("name"))).toList();
    }

    @Test
    void saysWhyAllStartsFailed() {
        Law broken = new Law() {
            private final Chinchilla law = new Chinchilla();

            @Override
            public String name() {
                return "broken";
            }

            @Override
            public String formula() {
                return law.formula();
            }

            @Override
            public List<String> inputs() {
                return law.inputs();
            }

            @Override
            public List<Parameter> parameters() {
                return law.parameters();
            }

            @Override
            public int distinctValuesNeeded() {
                return 2;
            }

            @Override
            public double logPrediction(double[] coordinates, double[] features, double[] gradient) {
                return Double.NaN;
            }

            @Override
            public List<double[]> starts(double[][] features, double[] logTargets) {
                return List.of(new double[5], new double[5]);
            }
        };
        Runs runs = planted(0, 0);
        assertThatThrownBy(() -> LawFitter.of(broken).fit(runs.loss, runs.n, runs.d))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("none of 2 starts {NOT_FINITE_AT_START=2}");
    }

    @Test
    void namesTheParametersItHasWhenAskedForAnother() {
        Runs runs = planted(0, 0);
        assertThatThrownBy(() -> Chinchilla.fit(runs.n, runs.d, runs.loss).parameter("gamma")).hasMessageContaining("no parameter \"gamma\"").hasMessageContaining("alpha");
    }

    private record Runs(double[] n, double[] d, double[] loss) {}

    private static Runs planted(double noise, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] n = new double[48];
        double[] d = new double[48];
        double[] loss = new double[48];
        Chinchilla law = new Chinchilla();
        for (int i = 0; i < 48; i++) {
            n[i] = 1e7 * Math.pow(10, (i / 6) * 3 / 7.0);
            d[i] = 3e8 * Math.pow(10, (i % 6) * 2.5 / 5);
            loss[i] = law.predict(PLANTED, n[i], d[i]) * Math.exp(noise * random.nextGaussian());
        }
        return new Runs(n, d, loss);
    }

    private static Table publishedPoints() {
        String folder = System.getenv("LEMMA_DATA");
        Assumptions.assumeTrue(folder != null && Files.exists(Path.of(folder, "chinchilla-figure4.csv")), "LEMMA_DATA has no chinchilla-figure4.csv");
        Table all = Table.read().csv(Path.of(folder, "chinchilla-figure4.csv").toFile()).sortOn("loss");
        Table kept = all.first(all.rowCount() - 5);
        DoubleColumn n = kept.nCol("Model Size").asDoubleColumn().setName("N");
        DoubleColumn d = kept.nCol("Training FLOP").divide(n.multiply(6)).setName("D");
        return Table.create("published", n, d, kept.nCol("loss").asDoubleColumn());
    }
}
