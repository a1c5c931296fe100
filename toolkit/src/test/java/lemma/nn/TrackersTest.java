package lemma.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import lemma.autodiff.Autodiff;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

class TrackersTest {
    private static Tensor normal(long seed, int... shape) {
        return Random.seed(seed).normal(Shape.of(shape), DType.FLOAT64);
    }

    @Test
    void fluctuationIsTheDistanceOfBatchVariancesFromTheirRunningMean() {
        Model model = BatchStatisticTracker.of(2).withWarmup(1).init(Random.seed(0)).map(t -> t.to(DType.FLOAT64));
        double[] running = null;
        double sum = 0;
        for (int t = 0; t < 4; t++) {
            Tensor x = normal(t, 3, 4, 2).mul(t + 1);
            double[] v = new double[2];
            for (int f = 0; f < 2; f++) {
                double[] column = x.reshape(12, 2).t().get(f).toDoubles();
                double mean = Arrays.stream(column).average().getAsDouble();
                v[f] = Arrays.stream(column).map(a -> (a - mean) * (a - mean)).average().getAsDouble();
            }
            if (running == null) running = v.clone();
            if (t >= 1) sum += Math.hypot(v[0] - running[0], v[1] - running[1]) / Math.hypot(running[0], running[1]);
            for (int f = 0; f < 2; f++) running[f] = 0.9 * running[f] + 0.1 * v[f];
            Pass pass = Pass.train(Random.seed(0));
            assertThat(model.apply(x, pass).toDoubles()).containsExactly(x.toDoubles());
            model = model.withState(pass.state(model.state()));
        }
        assertThat(BatchStatisticTracker.fluctuation(model, "", 1)).isCloseTo(sum / 3, within(1e-12));
        assertThat(model.state().get("running_var").toDoubles()).containsExactly(running, within(1e-12));
    }

    @Test
    void theGradientsLengthIsNoted() {
        Model model = Sequential.of(new GradientTracker(), Activation.TANH).init(Random.seed(0)).map(t -> t.to(DType.FLOAT64));
        Tensor x = normal(1, 3, 4);
        Pass pass = Pass.train(Random.seed(0));
        Tensor found = Autodiff.grad(z -> model.apply(z, pass).square().sum(), x);
        assertThat(found.sub(Autodiff.grad(z -> z.tanh().square().sum(), x)).abs().max().item()).isLessThan(1e-12);
        Params state = pass.state(model.state());
        assertThat(state.get("0.largest").item()).isCloseTo(found.norm(0, 1).item(), within(1e-12));
        assertThat(state.get("0.batches").item()).isEqualTo(1);
    }

    @Test
    void rowsAreAllLeadingAxes() {
        Model model = OverRows.of(Sequential.of(Linear.of(4, 5), BatchNorm1d.of(5))).init(Random.seed(0));
        Tensor x = Random.seed(1).normal(2, 3, 4);
        Tensor rows = new Model(((OverRows) model.module()).rows(), model.params(), model.state()).apply(x.reshape(6, 4), Pass.train(Random.seed(0)));
        assertThat(model.apply(x, Pass.train(Random.seed(0))).sub(rows.reshape(2, 3, 5)).abs().max().item()).isEqualTo(0);
    }

    @Test
    void errorsQuoteWhatIsWrong() {
        assertThatThrownBy(() -> BatchStatisticTracker.of(0)).hasMessageContaining("features 0");
        Model model = BatchStatisticTracker.of(4).init(Random.seed(0));
        assertThatThrownBy(() -> model.apply(Tensor.zeros(2, 3))).hasMessageContaining("[2, 3]");
        assertThatThrownBy(() -> BatchStatisticTracker.fluctuation(model, "", 20)).hasMessageContaining("warm-up of 20");
    }
}
