package lemma.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import lemma.nn.Activation;
import lemma.nn.Mlp;
import lemma.nn.Model;
import lemma.nn.Params;
import lemma.optim.Adam;
import lemma.optim.MuP;
import lemma.sweep.Grid;
import lemma.sweep.Runs;
import lemma.sweep.Sweep;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** What must not change with the width does not, by the exponents of the published table; and what a sweep says about it. */
class TransferTest {
    private static final int[] WIDTHS = {64, 128, 256, 512};
    private static final Tensor X = Random.seed(1).normal(64, 16);
    private static final Tensor Y = Random.seed(2).normal(64, 4);
    private static final Function<Tensor, Tensor> LOSS = f -> f.sub(Y).square().mean();

    private static IntFunction<Model> perceptron() {
        return n -> Mlp.of(Activation.RELU, 16, n, n, 4).init(Random.seed(3));
    }

    @Test
    void theFirstStepOfAdamMovesStandardOutputsByTheWidthAndMuPOutputsByNothing() {
        CoordinateCheck standard = CoordinateCheck.run(perceptron(), n -> Adam.of(1e-3), X, LOSS, 1, WIDTHS);
        assertThat(standard.movement()).containsOnlyKeys("0", "2", "4");
        assertThat(standard.exponent("0")).isCloseTo(0, within(0.05));
        assertThat(standard.exponent("2")).isCloseTo(1, within(0.2)); // sums of n changes of one sign
        assertThat(standard.exponent("4")).isGreaterThan(0.9);
        MuP mup = MuP.of(n -> Mlp.of(Activation.RELU, 16, n, n, 4), 64);
        CoordinateCheck stable = CoordinateCheck.run(n -> mup.init(n, Random.seed(3)), n -> mup.adam(n, factor -> Adam.of(1e-3 * factor)), X, LOSS, 1, WIDTHS);
        assertThat(Math.abs(stable.farthestExponent())).isLessThan(0.1);
    }

    @Test
    void exponentsAreSlopesOfLogarithms() {
        CoordinateCheck made = new CoordinateCheck(new int[] {10, 100, 1000}, Map.of("a", new double[] {2, 20, 200}, "b", new double[] {5, 0.5, 0.05}, "c", new double[] {1, 1, 1}));
        assertThat(made.exponent("a")).isCloseTo(1, within(1e-12));
        assertThat(made.exponent("b")).isCloseTo(-1, within(1e-12));
        assertThat(made.exponent("c")).isCloseTo(0, within(1e-12));
        assertThatThrownBy(() -> made.exponent("d")).hasMessageContaining("no layer 'd'");
        assertThat(Math.abs(made.farthestExponent())).isCloseTo(1, within(1e-12));
        assertThat(made.figure("coordinates").toString()).contains("coordinates", "layer a", "layer b", "layer c");
    }

    @Test
    void theBestRateAndItsShiftAreThoseOfAKnownLaw() {
        Sweep sweep = Sweep.of(Grid.of("width", 1, 4, 16).with("rate", 0.125, 0.25, 0.5, 1, 2)).seeds(0, 1).quiet();
        Runs runs = Runs.of(sweep.run("loss", c -> {
            double far = Math.log(c.number("rate") * Math.sqrt(c.integer("width"))); // least at 1 / sqrt(width)
            return far > Math.log(1.5) ? Double.POSITIVE_INFINITY : far * far + c.seed();
        }));
        LearningRateSweep found = LearningRateSweep.of(runs, "width", "rate", "loss");
        assertThat(found.best()).containsExactly(1, 0.5, 0.25);
        assertThat(found.shift()).isEqualTo(2);
        assertThat(found.losses()[0][3]).isEqualTo(0.5);
        assertThat(found.figure("rates", "width").toString()).contains("rates");
    }

    @Test
    void badSweepsSayWhatIsWrong() {
        double inf = Double.POSITIVE_INFINITY;
        assertThatThrownBy(() -> new LearningRateSweep(new double[] {1, 2}, new double[] {1, 2}, new double[][] {{1, 2}, {inf, inf}})).hasMessageContaining("diverged at every rate at size 2.0");
        assertThatThrownBy(() -> new LearningRateSweep(new double[] {1}, new double[] {2, 1}, new double[][] {{1, 2}})).hasMessageContaining("rate 1.0 does not come after 2.0");
        assertThatThrownBy(() -> new LearningRateSweep(new double[] {1}, new double[] {1, 2}, new double[][] {{1}})).hasMessageContaining("1 losses at size 1.0");
        assertThatThrownBy(() -> CoordinateCheck.run(perceptron(), n -> Adam.of(1), X, LOSS, 0, WIDTHS)).hasMessageContaining("steps is 0");
        assertThatThrownBy(() -> new CoordinateCheck(new int[] {1}, Map.of())).hasMessageContaining("1 widths");
    }

    @Test
    void aResidualPerceptronIsItsEquation() {
        Model net = ResidualMlp.of(Activation.TANH, 16, 8, 2, 4).init(Random.seed(5));
        Params p = net.params();
        assertThat(p.names()).containsExactly("0.weight", "1.1.weight", "2.1.weight", "4.weight");
        Tensor h = X.matmul(p.get("0.weight").t());
        for (String w : new String[] {"1.1.weight", "2.1.weight"}) h = h.add(h.tanh().matmul(p.get(w).t()));
        assertThat(net.apply(X).toFloats()).containsExactly(h.tanh().matmul(p.get("4.weight").t()).toFloats(), within(1e-5f));
    }
}
