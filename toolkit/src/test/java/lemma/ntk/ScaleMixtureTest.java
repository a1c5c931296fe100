package lemma.ntk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Against SciPy's densities and quadratures, and scikit-learn's classifier; src/test/python/scale_mixture_fixtures.py. */
class ScaleMixtureTest {
    private static final JsonObject CASES = NeuralTangents.cases("mixtures.json");
    private static final JsonObject PROCESS = CASES.getAsJsonObject("process");
    private static final JsonObject LABELS = CASES.getAsJsonObject("classification");
    private static final InverseGamma PRIOR = new InverseGamma(number(PROCESS, "a"), number(PROCESS, "b"));

    private static double number(JsonObject of, String name) {
        return of.get(name).getAsDouble();
    }

    private static Tensor get(JsonObject of, String name) {
        return NeuralTangents.tensor(of.get(name));
    }

    private static StudentTProcess process() {
        return StudentTProcess.of(get(PROCESS, "kernel"), get(PROCESS, "y"), number(PROCESS, "noise"), PRIOR);
    }

    @Test
    void posteriorsEqualQuadratureOverTheScale() {
        StudentT posterior = process().predictObservations(get(PROCESS, "cross"), get(PROCESS, "test"));
        near(posterior.logDensities(get(PROCESS, "targets")), get(PROCESS, "posteriorLogDensities"), 1e-9);
        double meanScale = process().scale() * posterior.df() / (posterior.df() - 2);
        assertThat(meanScale).isCloseTo(number(PROCESS, "meanScale"), within(1e-9));
    }

    @Test
    void evidenceEqualsSciPysMultivariateT() {
        assertThat(process().logMarginalLikelihood()).isCloseTo(number(PROCESS, "logMarginal"), within(1e-10));
        assertThat(process().logMarginalLikelihood()).isCloseTo(number(PROCESS, "logMarginalByQuadrature"), within(1e-9));
    }

    @Test
    void jointDensitiesEqualSciPysMultivariateT() {
        Tensor y = get(PROCESS, "targets");
        Gaussian g = GpRegression.of(get(PROCESS, "kernel"), get(PROCESS, "y"), number(PROCESS, "noise")).predict(get(PROCESS, "cross"), get(PROCESS, "test"));
        Tensor scale = g.covariance().add(Tensor.eye(3, DType.FLOAT64).mul(number(PROCESS, "noise")));
        assertThat(new StudentT(3.4, y.mul(0.1), scale).logDensity(y)).isCloseTo(number(PROCESS, "joint"), within(1e-10));
    }

    /** Draws of the scale weighted by their evidence, against the closed form: 4 standard errors of 20,000 draws are about 0.02. */
    @Test
    void mixturesOfNodesApproachTheProcess() {
        Tensor y = get(PROCESS, "targets");
        Tensor exact = get(PROCESS, "posteriorLogDensities");
        ScaleMixture drawn = new ScaleMixture(PRIOR.sample(Random.seed(1), 2000).toDoubles());
        ScaleMixture quantiles = new ScaleMixture(PRIOR.quantiles(400));
        assertThat(densities(drawn, y).sub(exact).abs().max().item()).isLessThan(0.08);
        assertThat(densities(quantiles, y).sub(exact).abs().max().item()).isLessThan(2e-3);
    }

    private static Tensor densities(ScaleMixture mixture, Tensor y) {
        return mixture.regression(get(PROCESS, "kernel"), get(PROCESS, "y"), number(PROCESS, "noise")).logDensities(get(PROCESS, "cross"), get(PROCESS, "test"), y);
    }

    @Test
    void gammaQuantilesAndDrawsAgreeWithTheDensity() {
        double[] q = PRIOR.quantiles(1000);
        double step = 0;
        for (int i = 1; i < q.length; i++) step += (q[i] - q[i - 1]) * Math.exp(PRIOR.logDensity((q[i] + q[i - 1]) / 2));
        assertThat(step).isCloseTo(0.999, within(2e-3)); // without the ends
        Tensor drawn = PRIOR.sample(Random.seed(3), 40_000);
        assertThat(drawn.quantile(0.5, 0).item()).isCloseTo(PRIOR.quantiles(1)[0], within(0.02));
    }

    @Test
    void classifiersEqualScikitLearn() {
        GpClassification gp = GpClassification.of(get(LABELS, "kernel"), get(LABELS, "labels").mul(2).sub(1));
        GpClassification.Latent latent = gp.latent(get(LABELS, "cross"), get(LABELS, "variance"));
        near(latent.mean(), get(LABELS, "latentMean"), 1e-10);
        near(latent.variance(), get(LABELS, "latentVariance"), 1e-10);
        near(gp.probability(get(LABELS, "cross"), get(LABELS, "variance")), get(LABELS, "probability"), 1e-9);
        near(gp.probability(get(LABELS, "cross"), get(LABELS, "variance")), get(LABELS, "sklearnProbability"), 1e-3); // its integral is a fit
        assertThat(gp.logMarginalLikelihood()).isCloseTo(number(LABELS, "evidence"), within(1e-8));
    }

    @Test
    void oneNodeIsTheClassifierOfItsScale() {
        Tensor labels = get(LABELS, "labels").to(DType.INT64);
        Tensor k = get(LABELS, "kernel"), cross = get(LABELS, "cross"), variance = get(LABELS, "variance");
        ScaleMixture.Classification two = new ScaleMixture(1.7).classification(k, labels, 2);
        Tensor alone = GpClassification.of(k.mul(1.7), get(LABELS, "labels").mul(2).sub(1)).probability(cross.mul(1.7), variance.mul(1.7));
        near(two.probabilities(cross, variance).narrow(1, 1, 2).squeeze(1), alone, 1e-12);
        ScaleMixture.Classification three = new ScaleMixture(0.5, 2).classification(k, Tensor.arange(30).mod(3.0), 3);
        near(three.probabilities(cross, variance).sum(1), Tensor.ones(5).to(DType.FLOAT64), 1e-12);
        assertThat(three.weights().sum().item()).isCloseTo(1, within(1e-12));
        assertThat(three.bestScale()).isIn(0.5, 2.0);
    }

    @Test
    void wrongArgumentsAreQuoted() {
        assertThatThrownBy(() -> new InverseGamma(0, 1)).hasMessageContaining("a is 0.0");
        assertThatThrownBy(() -> new ScaleMixture(1, -2)).hasMessageContaining("-2.0");
        assertThatThrownBy(() -> new StudentT(0, Tensor.ones(2), Tensor.eye(2))).hasMessageContaining("0.0 degrees");
        assertThatThrownBy(() -> GpClassification.of(Tensor.eye(3), Tensor.zeros(3))).hasMessageContaining("expected -1 and 1");
    }

    private static void near(Tensor ours, Tensor theirs, double tolerance) {
        assertThat(ours.shape()).isEqualTo(theirs.shape());
        assertThat(ours.sub(theirs).abs().max().item()).isLessThan(tolerance);
    }
}
