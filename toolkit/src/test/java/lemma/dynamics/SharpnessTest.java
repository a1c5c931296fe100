package lemma.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import lemma.autodiff.Lanczos;
import lemma.linalg.Linalg;
import lemma.loss.Losses;
import lemma.nn.Activation;
import lemma.nn.FixtureFile;
import lemma.nn.Linear;
import lemma.nn.Model;
import lemma.nn.Module;
import lemma.nn.Params;
import lemma.nn.Sequential;
import lemma.optim.Adam;
import lemma.optim.Sgd;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Curvature and descent beside PyTorch's Hessian of a small net and quadratics, whose paths are known. */
class SharpnessTest {
    private static final FixtureFile TORCH = FixtureFile.of("curvature.safetensors");
    private static final Module NET = Sequential.of(Linear.of(4, 8), Activation.TANH, Linear.of(8, 3));
    private static final Params PARAMS = fixed();
    private static final Function<Params, Tensor> LOSS = p -> Losses.crossEntropy(new Model(NET, p, Params.EMPTY).apply(TORCH.get("x")), TORCH.get("y"));
    private static final double[] CURVATURES = {4, 1, 0.5};
    private static final Function<Params, Tensor> QUADRATIC = p -> p.get("x").square().mul(Tensor.of(CURVATURES)).sum().div(2);
    private static final Params ONES = Params.of("x", Tensor.of(new double[] {1, 1, 1}));

    private static Params fixed() {
        Params p = Params.EMPTY;
        for (String name : NET.params(Random.seed(1)).names()) p = p.with(name, TORCH.get("params/" + name));
        return p;
    }

    @Test
    void theTopOfTheSpectrumIsPyTorchs() {
        Sharpness exact = Sharpness.of(LOSS).withOptions(new Lanczos.Options(1e-10, 67));
        assertThat(exact.at(PARAMS)).isCloseTo(TORCH.get("top").get(0).item(), within(1e-10));
        assertThat(exact.top(PARAMS, 4).values()).containsExactly(TORCH.get("top").toDoubles(), within(1e-10));
        assertThat(Sharpness.of(LOSS).at(PARAMS)).isCloseTo(TORCH.get("top").get(0).item(), within(1e-6));
    }

    @Test
    void ratesScaleRowsAndColumnsOfPyTorchsHessian() {
        Map<String, Double> rates = new LinkedHashMap<>();
        double[] root = new double[67];
        int from = 0;
        for (String name : PARAMS.names()) {
            double rate = 0.3 + rates.size();
            rates.put(name, rate);
            int to = from + (int) PARAMS.get(name).size();
            Arrays.fill(root, from, to, Math.sqrt(rate));
            from = to;
        }
        Tensor d = Tensor.of(root);
        Tensor scaled = TORCH.get("hessian").mul(d.unsqueeze(1)).mul(d);
        double ours = Sharpness.of(LOSS).withRates(rates).withOptions(new Lanczos.Options(1e-10, 67)).at(PARAMS);
        assertThat(ours).isCloseTo(Linalg.eigvalsh(scaled).max().item(), within(1e-10));
    }

    @Test
    void descentOfAQuadraticIsThePowerOfOneMinusRateTimesCurvature() {
        int[] seen = {0};
        var path = FullBatchGradientDescent.of(QUADRATIC, Sgd.of(0.3)).run(ONES, 7, (t, p) -> {
            double[] expected = Arrays.stream(CURVATURES).map(a -> Math.pow(1 - 0.3 * a, t)).toArray();
            assertThat(p.get("x").toDoubles()).containsExactly(expected, within(1e-12));
            seen[0]++;
        });
        assertThat(seen[0]).isEqualTo(8);
        assertThat(path.losses()).hasSize(8);
        assertThat(path.losses()[0]).isEqualTo(5.5 / 2);
        assertThat(path.lastLoss()).isEqualTo(QUADRATIC.apply(path.end()).item());
    }

    @Test
    void theEdgeIsWhereDescentTurnsUnstable() {
        double sharpness = Sharpness.of(QUADRATIC).at(ONES);
        assertThat(sharpness).isCloseTo(4, within(1e-9));
        assertThat(FullBatchGradientDescent.of(QUADRATIC, Sgd.of(1.98 / sharpness)).run(ONES, 200).lastLoss()).isLessThan(0.1);
        assertThat(FullBatchGradientDescent.of(QUADRATIC, Sgd.of(2.02 / sharpness)).run(ONES, 200).lastLoss()).isGreaterThan(10);
    }

    @Test
    void afterDivergenceLossesAreInfinite() {
        Function<Params, Tensor> single = p -> p.get("x").square().sum();
        Params start = Params.of("x", Tensor.of(new float[] {1}));
        var path = FullBatchGradientDescent.of(single, Sgd.of(1e6)).run(start, 50);
        assertThat(path.lastLoss()).isInfinite();
        assertThat(path.losses()[1]).isFinite();
        assertThat(path.end().get("x").toDoubles()[0]).isFinite();
    }

    @Test
    void otherOptimisersKeepTheirState() {
        Params at = ONES;
        var state = Adam.of(0.1).init(at);
        for (int t = 0; t < 10; t++) {
            var update = Adam.of(0.1).step(at, at.map(x -> x.mul(Tensor.of(CURVATURES))), state);
            at = update.params();
            state = update.state();
        }
        assertThat(FullBatchGradientDescent.of(QUADRATIC, Adam.of(0.1)).run(ONES, 10).end().get("x").toDoubles()).containsExactly(at.get("x").toDoubles(), within(1e-12));
    }

    @Test
    void aTrackerLooksEverySoManySteps() {
        Sharpness.Tracker tracker = Sharpness.of(QUADRATIC).every(4);
        FullBatchGradientDescent.of(QUADRATIC, Sgd.of(0.1)).run(ONES, 9, tracker);
        assertThat(tracker.steps()).containsExactly(0, 4, 8);
        assertThat(tracker.values()).containsExactly(new double[] {4, 4, 4}, within(1e-9));
    }

    @Test
    void badInputSaysWhatIsWrong() {
        assertThatThrownBy(() -> Sharpness.of(QUADRATIC).withRates(Map.of("y", 1.0)).at(ONES)).hasMessage("Sharpness: rates are of [y], the parameters are [x]");
        assertThatThrownBy(() -> Sharpness.of(QUADRATIC).withRates(Map.of("x", -1.0))).hasMessage("Sharpness: the rate of x is -1.0, expected at least 0");
        assertThatThrownBy(() -> Sharpness.of(QUADRATIC).every(0)).hasMessageContaining("every 0 steps");
        assertThatThrownBy(() -> FullBatchGradientDescent.of(QUADRATIC, Sgd.of(1)).run(ONES, -1)).hasMessageContaining("steps is -1");
    }
}
