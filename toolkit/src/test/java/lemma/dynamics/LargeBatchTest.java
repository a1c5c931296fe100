package lemma.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import lemma.loss.Losses;
import lemma.nn.Activation;
import lemma.nn.DualBatchNorm1d;
import lemma.nn.FixtureFile;
import lemma.nn.Linear;
import lemma.nn.Mlp;
import lemma.nn.Model;
import lemma.nn.Params;
import lemma.nn.Sequential;
import lemma.optim.Sgd;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against PyTorch and NumPy; src/test/python/training_dynamics_fixtures.py. */
class LargeBatchTest {
    private static final FixtureFile TORCH = FixtureFile.of("training-dynamics.safetensors");

    private static Sequential net(DualBatchNorm1d norm) {
        return Sequential.of(Linear.of(6, 8), norm, Activation.RELU, Linear.of(8, 3));
    }

    private static Model start() {
        Model shape = net(DualBatchNorm1d.of(8)).init(Random.seed(1));
        Params all = TORCH.under("conadv/start");
        return shape.with(shape.params().mapNamed((name, t) -> all.get(name))).withState(shape.state().mapNamed((name, t) -> all.get(name)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void sixStepsEndWherePyTorchEnds(int staleness) {
        var trainer = new ConcurrentAdversarialTrainer(Sgd.of(0.3).withMomentum(0.9), 0.2, 0.7, staleness, 6, 20);
        var trained = trainer.fit(start(), net(DualBatchNorm1d.of(8).adversarial()), TORCH.get("conadv/x"), TORCH.get("conadv/y"), 1);
        Params expected = TORCH.under("conadv/" + staleness);
        trained.model().params().asMap().forEach((name, t) -> close(name, t, expected.get(name)));
        trained.model().state().asMap().forEach((name, t) -> close(name, t, expected.get(name)));
        assertThat(trained.agreement()).containsExactly(expected.get("cosines").toDoubles(), within(1e-9));
        assertThat(trained.drift()[0]).isZero();
        if (staleness > 0) assertThat(trained.drift()[5]).isBetween(0.01, 10.0);
    }

    private static void close(String name, Tensor ours, Tensor theirs) {
        assertThat(ours.toDoubles()).as(name).containsExactly(theirs.toDoubles(), within(1e-9));
    }

    @Test
    void theBranchesShareAllButTheirOwn() {
        Model clean = start();
        Model adversarial = new Model(net(DualBatchNorm1d.of(8).adversarial()), clean.params(), clean.state());
        Tensor x = TORCH.get("conadv/x");
        close("same statistics", clean.apply(x), adversarial.apply(x));
        Model other = adversarial.with(clean.params().with("1.adversarial.bias", Tensor.ones(8).to(DType.FLOAT64)));
        assertThat(other.apply(x).sub(clean.apply(x)).abs().max().item()).isGreaterThan(0.01);
        close("untouched", clean.with(other.params()).apply(x), clean.apply(x));
    }

    @Test
    void noiseScaleIsThatOfNumPysCovariance() {
        Params weights = TORCH.under("noise/net");
        Model net = Mlp.of(Activation.TANH, 4, 5, 3).init(Random.seed(1)).with(weights);
        GradientNoiseScale scale = GradientNoiseScale.of((Params p, Tensor x, Tensor y) -> Losses.crossEntropy(net.with(p).apply(x), y), weights, TORCH.get("noise/x"), TORCH.get("noise/y"));
        double[] expected = TORCH.get("noise/trace").toDoubles();
        assertThat(scale.trace()).isCloseTo(expected[0], within(1e-12));
        assertThat(scale.gradient()).isCloseTo(expected[1], within(1e-12));
        assertThat(scale.batchSize()).isCloseTo(expected[0] / expected[1], within(1e-9));
        assertThat(scale.variance(4)).isCloseTo(expected[0] / 4, within(1e-12));
    }

    /** A perturbation of length 1 before each update of length 1 takes 2 a step; one that may be a step old takes 1, after one to begin with. */
    @Test
    void staleMovesHalveTheCriticalPath() {
        assertThat(new CriticalPath(1, 1, 0).time(200)).isEqualTo(400);
        assertThat(new CriticalPath(1, 1, 1).time(200)).isEqualTo(201);
        assertThat(new CriticalPath(3, 1, 5).time(100)).as("the perturbations are the longer chain").isEqualTo(301);
        assertThat(new CriticalPath(0, 2, 0).time(10)).isEqualTo(20);
    }

    @Test
    void badSettingsAreNamed() {
        assertThatThrownBy(() -> new ConcurrentAdversarialTrainer(Sgd.of(1), 0.1, 1, -1, 1, 1)).hasMessageContaining("staleness is -1");
        var trainer = new ConcurrentAdversarialTrainer(Sgd.of(1), 0.1, 1, 0, 1, 4);
        assertThatThrownBy(() -> trainer.fit(start(), Linear.of(6, 3), TORCH.get("conadv/x"), TORCH.get("conadv/y"), 1)).hasMessageContaining("different names");
        assertThatThrownBy(() -> new CriticalPath(1, 0, 0)).hasMessageContaining("update 0.0");
        assertThatThrownBy(() -> GradientNoiseScale.of((Params p, Tensor x, Tensor y) -> x.sum(), Params.EMPTY, Tensor.ones(1, 2), Tensor.ones(1))).hasMessageContaining("1 example");
    }
}
