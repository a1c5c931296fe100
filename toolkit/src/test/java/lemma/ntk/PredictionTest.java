package lemma.ntk;

import static lemma.ntk.Stax.dense;
import static lemma.ntk.Stax.erf;
import static lemma.ntk.Stax.serial;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import lemma.autodiff.Autodiff;
import lemma.nn.Activation;
import lemma.nn.Linear;
import lemma.nn.Model;
import lemma.nn.Params;
import lemma.nn.Sequential;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

class PredictionTest {
    private static final JsonObject CASES = NeuralTangents.cases("predict.json");
    private static final JsonObject DATA = CASES.getAsJsonObject("data");

    private static Tensor get(String name) {
        return NeuralTangents.tensor(DATA.get(name));
    }

    private static double time(JsonObject at) {
        return at.get("t").isJsonNull() ? Double.POSITIVE_INFINITY : at.get("t").getAsDouble();
    }

    @Test
    void gradientFlowEqualsNeuralTangents() {
        KernelGradientFlow flow = KernelGradientFlow.of(get("ntk"), get("y")).withLearningRate(DATA.get("rate").getAsDouble());
        for (JsonElement e : CASES.getAsJsonArray("times")) {
            JsonObject at = e.getAsJsonObject();
            near("train", flow.train(time(at), get("f0")), at.get("train"));
            near("test", flow.test(time(at), get("ntkTestTrain"), get("f0"), get("g0")), at.get("test"));
        }
    }

    @Test
    void ensemblesEqualNeuralTangents() {
        double rate = DATA.get("rate").getAsDouble();
        KernelGradientFlow whole = KernelGradientFlow.of(get("ntk"), get("y")).withLearningRate(rate);
        KernelGradientFlow last = KernelGradientFlow.of(get("nngp"), get("y")).withLearningRate(rate);
        for (JsonElement e : CASES.getAsJsonArray("times")) {
            JsonObject at = e.getAsJsonObject();
            Gaussian ntk = whole.ensemble(time(at), get("ntkTestTrain"), get("nngp"), get("nngpTestTrain"), get("nngpTest"));
            near("NTK mean", ntk.mean(), at.get("ntkMean"));
            near("NTK covariance", ntk.covariance(), at.get("ntkCovariance"));
            Gaussian nngp = last.ensemble(time(at), get("nngpTestTrain"), get("nngp"), get("nngpTestTrain"), get("nngpTest"));
            near("NNGP mean", nngp.mean(), at.get("nngpMean"));
            near("NNGP covariance", nngp.covariance(), at.get("nngpCovariance"));
        }
    }

    @Test
    void stepsEqualTheLoop() {
        Tensor k = get("ntk");
        Tensor y = get("y");
        KernelGradientFlow descent = KernelGradientFlow.of(k, y).inSteps();
        double eta = 0.9 * descent.largestLearningRate();
        descent = descent.withLearningRate(eta);
        Tensor f = get("f0");
        Tensor g = get("g0");
        for (int step = 0; step <= 25; step++) {
            near("train", descent.train(step, get("f0")), f);
            near("test", descent.test(step, get("ntkTestTrain"), get("f0"), get("g0")), g);
            Tensor error = f.sub(y).mul(eta / 7);
            g = g.sub(get("ntkTestTrain").matmul(error));
            f = f.sub(k.matmul(error));
        }
        KernelGradientFlow steps = descent;
        assertThatThrownBy(() -> steps.train(1.5, get("f0"))).hasMessageContaining("1.5 steps");
    }

    @Test
    void gaussianProcessesEqualTheEnsembleAtInfinityAndSciPysLikelihood() {
        GpRegression exact = GpRegression.of(get("nngp"), get("y"), 0);
        JsonObject end = CASES.getAsJsonArray("times").get(4).getAsJsonObject();
        assertThat(exact.jitter()).isEqualTo(0);
        near("mean", exact.predict(get("nngpTestTrain"), get("nngpTest")).mean(), end.get("nngpMean"));
        near("covariance", exact.predict(get("nngpTestTrain"), get("nngpTest")).covariance(), end.get("nngpCovariance"));
        GpRegression noisy = GpRegression.of(get("nngp"), get("y"), CASES.get("noise").getAsDouble());
        assertThat(noisy.logMarginalLikelihood()).isCloseTo(CASES.get("likelihood").getAsDouble(), within(1e-9));
    }

    @Test
    void theSmallestJitterThatServesIsTakenAndSaid() {
        Tensor twice = Tensor.of(new double[] {1, 1, 0.5, 1, 1, 0.5, 0.5, 0.5, 1}, 3, 3);
        GpRegression gp = GpRegression.of(twice, Tensor.of(new double[] {1, 1, 0}, 3), 0);
        assertThat(gp.jitter()).isBetween(0.0, 1e-12);
        assertThat(gp.mean(twice).sub(Tensor.of(new double[] {1, 1, 0}, 3)).abs().max().item()).isLessThan(1e-6);
        Tensor negative = Tensor.of(new double[] {1, 2, 2, 1}, 2, 2);
        assertThatThrownBy(() -> GpRegression.of(negative, Tensor.ones(2).to(DType.FLOAT64), 0)).isInstanceOf(ArithmeticException.class).hasMessageContaining("not positive definite");
        assertThatThrownBy(() -> GpRegression.of(twice, Tensor.ones(2), 0)).hasMessageContaining("[2]");
        assertThatThrownBy(() -> GpRegression.of(twice, Tensor.ones(3), -1)).hasMessageContaining("noise -1");
    }

    /** Mean and covariance of 40,000 draws, 5 standard errors; of a singular covariance, draws in its range. */
    @Test
    void drawsHaveTheirMoments() {
        Tensor k = get("nngp");
        Tensor mean = get("y").squeeze(1);
        Tensor drawn = new Gaussian(mean, k).sample(Random.seed(8), 40_000);
        Tensor off = drawn.sub(drawn.mean(0));
        double size = k.diagonal(0).max().item();
        assertThat(drawn.mean(0).sub(mean).abs().max().item()).isLessThan(5 * Math.sqrt(size / 40_000));
        assertThat(off.t().matmul(off).div(40_000.0).sub(k).abs().max().item()).isLessThan(5 * size * Math.sqrt(2 / 40_000.0));
        Tensor same = new Gaussian(Tensor.zeros(2).to(DType.FLOAT64), Tensor.ones(2, 2).to(DType.FLOAT64)).sample(Random.seed(9), 10);
        assertThat(same.narrow(1, 0, 1).sub(same.narrow(1, 1, 2)).abs().max().item()).isLessThan(1e-5);
        assertThatThrownBy(() -> new Gaussian(mean, k).sample(Random.seed(1), 0)).hasMessageContaining("0 draws");
    }

    /** The linearised network is the network at its origin, has its tangent kernel everywhere, and follows the closed form when trained. */
    @Test
    void linearisedNetworksFollowTheFlowOfTheirKernel() {
        Model net = Sequential.of(Linear.of(4, 30), Activation.TANH, Linear.of(30, 1)).init(Random.seed(1)).map(t -> t.to(DType.FLOAT64));
        Tensor x = get("x");
        Tensor y = get("y");
        Model line = Linearized.of(net);
        near("origin", line.apply(x), net.apply(x));
        Tensor ntk = EmpiricalKernels.of(net).kernel(x).ntk();
        Params far = net.params().map(t -> t.add(Random.seed(2).normal(t.shape(), DType.FLOAT64)));
        near("kernel", EmpiricalKernels.of(line.with(far)).withMethod(NtkMethod.JACOBIAN_CONTRACTION).kernel(x).ntk(), ntk);
        KernelGradientFlow descent = KernelGradientFlow.of(ntk, y).inSteps();
        double eta = 0.5 * descent.largestLearningRate();
        Params p = net.params();
        for (int step = 0; step < 20; step++) {
            Params g = Autodiff.grad((Params q) -> line.with(q).apply(x).sub(y).square().sum().div(2.0 * 7), p);
            p = p.zip(g, (a, b) -> a.sub(b.mul(eta)));
        }
        near("trained", line.with(p).apply(x), descent.withLearningRate(eta).train(20, net.apply(x)));
    }

    /** The error along each eigenvector of the kernel decays with its own rate. */
    @Test
    void modesDecayWithTheirRates() {
        Tensor x = Random.seed(4).normal(Shape.of(6, 3), DType.FLOAT64);
        Tensor ntk = serial(dense(1, 1.5, 0.1), erf(), dense(1)).kernel(x).ntk();
        Tensor y = Random.seed(5).normal(Shape.of(6), DType.FLOAT64);
        KernelGradientFlow flow = KernelGradientFlow.of(ntk, y);
        Tensor start = flow.eigenvectors().t().matmul(y.neg());
        Tensor later = flow.eigenvectors().t().matmul(flow.train(2, y.zerosLike()).sub(y));
        near("rates", later.div(start).log().mul(-0.5), flow.rates());
    }

    private static void near(String what, Tensor ours, JsonElement theirs) {
        near(what, ours, NeuralTangents.tensor(theirs));
    }

    private static void near(String what, Tensor ours, Tensor theirs) {
        assertThat(ours.shape()).as(what).isEqualTo(theirs.shape());
        assertThat(ours.sub(theirs).abs().max().item()).as(what).isLessThan(1e-9 * Math.max(1, theirs.abs().max().item()));
    }
}
