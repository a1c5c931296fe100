package lemma.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import lemma.autodiff.Lanczos;
import lemma.data.OpposingSignals;
import lemma.linalg.Linalg;
import lemma.nn.Linear;
import lemma.nn.Model;
import lemma.nn.Params;
import lemma.nn.Sequential;
import lemma.optim.Sgd;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Beside a descent whose losses are known, and the two-layer linear net, whose Hessian is. */
class LossTrackerTest {
    /** One parameter and four examples {@code (x - c_i)^2 / 2}: descent goes to the mean of the c. */
    private static final double[] CENTRES = {-3, -1, 1, 5};
    private static final Function<Params, Tensor> SQUARES = p -> p.get("x").sub(Tensor.of(CENTRES)).square().div(2);
    private static final Params START = Params.of("x", Tensor.of(new double[] {0}));

    private static LossTracker watched(double rate, int steps) {
        LossTracker tracker = LossTracker.of(SQUARES);
        FullBatchGradientDescent.of(p -> SQUARES.apply(p).mean(), Sgd.of(rate)).run(START, steps, tracker);
        return tracker;
    }

    @Test
    void changesAreThoseOfTheKnownPath() {
        LossTracker tracker = watched(0.5, 3); // x: 0, 0.25, 0.375, 0.4375
        double[] x = {0, 0.25, 0.375, 0.4375};
        assertThat(tracker.steps()).isEqualTo(3);
        for (int t = 0; t < 3; t++) {
            double from = x[t];
            double to = x[t + 1];
            double[] expected = IntStream.range(0, 4).mapToDouble(i -> ((to - CENTRES[i]) * (to - CENTRES[i]) - (from - CENTRES[i]) * (from - CENTRES[i])) / 2).toArray();
            assertThat(tracker.change(t)).containsExactly(expected, within(1e-12));
            assertThat(tracker.changes(0, 3)[t]).isCloseTo((expected[0] + expected[3]) / 2, within(1e-12));
        }
        assertThat(tracker.rising(0, 2)).containsExactly(0, 1);
        assertThat(tracker.falling(0, 1)).containsExactly(3);
        assertThat(tracker.rises(0)).isEmpty();
    }

    @Test
    void beyondTheEdgeEveryStepRisesAndGroupsMoveInAntiphase() {
        LossTracker tracker = watched(2.1, 12); // the error is multiplied by -1.1
        assertThat(tracker.rises(0)).hasSize(12);
        // the mean loss is 4.375 + e^2 / 2 with the error e = -0.5 (-1.1)^t, so that a step adds 0.21 e^2 / 2
        int[] large = IntStream.range(0, 12).filter(t -> 0.105 * 0.25 * Math.pow(1.21, t) > 0.01 * 4.5).toArray();
        assertThat(tracker.rises(0.01)).isEqualTo(large).hasSizeBetween(1, 11);
        assertThat(tracker.largestRises(3)).containsExactly(11, 10, 9);
        assertThat(tracker.correlation(new int[] {0}, new int[] {3}, 0, 12)).isLessThan(-0.99);
        assertThat(tracker.correlation(new int[] {0}, new int[] {1}, 0, 12)).isGreaterThan(0.99);
        assertThat(tracker.gradientCosine(START, new int[] {0, 1}, new int[] {3})).isCloseTo(-1, within(1e-12));
        assertThat(tracker.gradientCosine(START, new int[] {0}, new int[] {1})).isCloseTo(1, within(1e-12));
    }

    @Test
    void theHessianOfATwoLayerLinearNetIsTheClosedForm() {
        int d = 6;
        int m = 3;
        var data = new OpposingSignals(4, 2, 0.2, 30, 1).sample(60, Random.seed(3));
        Model net = Sequential.of(Linear.of(d, m).withoutBias(), Linear.of(m, 1).withoutBias()).init(Random.seed(4)).map(p -> p.to(DType.FLOAT64));
        Function<Params, Tensor> loss = p -> net.with(p).apply(data.x()).squeeze(1).sub(data.y()).square().mean().div(2);
        Tensor w = net.params().get("0.weight");
        Tensor v = net.params().get("1.weight").reshape(m);
        Tensor sigma = data.x().t().matmul(data.x()).div(60);
        Tensor residual = data.x().matmul(w.t()).matmul(v).sub(data.y());
        Tensor s = data.x().t().matmul(residual).div(60); // mean of r x
        Tensor ww = v.unsqueeze(1).mul(v).reshape(m, 1, m, 1).mul(sigma.reshape(1, d, 1, d)).reshape(m * d, m * d);
        Tensor vv = w.matmul(sigma).matmul(w.t());
        Tensor wsigma = w.matmul(sigma);
        // d2L / dW_ij dv_k = v_i (W Sigma)_kj + [i = k] s_j
        Tensor wv = v.reshape(m, 1, 1).mul(wsigma.t().reshape(1, d, m)).add(Tensor.eye(m, DType.FLOAT64).reshape(m, 1, m).mul(s.reshape(1, d, 1))).reshape(m * d, m);
        Tensor hessian = Tensor.concat(List.of(Tensor.concat(List.of(ww, wv), 1), Tensor.concat(List.of(wv.t(), vv), 1)), 0);
        Lanczos.Eigen top = Sharpness.of(loss).withOptions(new Lanczos.Options(1e-10, m * d + m)).top(net.params(), 2);
        double[] exact = Linalg.eigvalsh(hessian).toDoubles();
        assertThat(top.values()).containsExactly(new double[] {exact[exact.length - 1], exact[exact.length - 2]}, within(1e-9));
    }

    @Test
    void badInputSaysWhatIsWrong() {
        LossTracker tracker = watched(0.5, 3);
        assertThatThrownBy(() -> tracker.change(3)).hasMessage("LossTracker: step is 3, there are 3");
        assertThatThrownBy(() -> tracker.at(9, START)).hasMessageContaining("step 9 after 4 steps");
        assertThatThrownBy(() -> tracker.correlation(new int[] {0}, new int[] {1}, 2, 5)).hasMessageContaining("steps 2 to 7");
        assertThat(LossTracker.of(SQUARES).steps()).isZero();
        assertThat(LossTracker.of(SQUARES).rises(0)).isEmpty();
    }
}
