package lemma.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import lemma.autodiff.Autodiff;
import lemma.nn.Activation;
import lemma.nn.Bound;
import lemma.nn.Conv2d;
import lemma.nn.Embedding;
import lemma.nn.Linear;
import lemma.nn.Mlp;
import lemma.nn.Model;
import lemma.nn.Module;
import lemma.nn.Params;
import lemma.nn.Residual;
import lemma.nn.Sequential;
import lemma.ntk.AbcMlp;
import lemma.ntk.AbcParametrization;
import lemma.optim.MuP.Role;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** The rule beside table 3 of Tensor Programs V, and beside networks that have their multipliers in the equation. */
class MuPTest {
    private static final MuP PERCEPTRON = MuP.of(n -> Mlp.of(Activation.RELU, 10, n, n, 3), 32);
    private static final Tensor X = Random.seed(1).normal(Shape.of(20, 6), DType.FLOAT64);
    private static final Tensor Y = Random.seed(2).normal(Shape.of(20, 2), DType.FLOAT64);

    /** {@code x + scale f(x)}. */
    private record ScaledResidual(Module f, double scale) implements Module {
        @Override
        public Params params(Random random) {
            return f.params(random);
        }

        @Override
        public Tensor forward(Tensor x, Bound at) {
            return x.add(f.forward(x, at).mul(scale));
        }
    }

    private static Tensor[] trained(Model start, Optimiser optimiser, int steps) {
        Params p = start.params().map(t -> t.to(DType.FLOAT64));
        Optimiser.State state = optimiser.init(p);
        Function<Params, Tensor> loss = q -> start.with(q).apply(X).sub(Y).square().mean();
        Tensor[] outputs = new Tensor[steps];
        for (int t = 0; t < steps; t++) {
            Optimiser.Update update = optimiser.step(p, Autodiff.grad(loss, p), state);
            p = update.params();
            state = update.state();
            outputs[t] = start.with(p).apply(X);
        }
        return outputs;
    }

    private static void same(Tensor[] ours, Tensor[] theirs, double tolerance) {
        for (int t = 0; t < ours.length; t++) assertThat(ours[t].toDoubles()).as("step " + t).containsExactly(theirs[t].toDoubles(), within(tolerance));
        assertThat(ours[ours.length - 1].sub(ours[0]).abs().max().item()).isGreaterThan(1e-2); // it has learnt something
    }

    @Test
    void factorsAreThoseOfTable3() {
        assertThat(PERCEPTRON.roles()).containsExactly(
                Map.entry("0.weight", Role.INPUT), Map.entry("0.bias", Role.INPUT), Map.entry("2.weight", Role.HIDDEN), Map.entry("2.bias", Role.INPUT),
                Map.entry("4.weight", Role.OUTPUT), Map.entry("4.bias", Role.FIXED));
        // SGD: fan-out for inputs and biases, 1 for hidden, 1 / fan-in for outputs; Adam: 1, 1 / fan-in, 1 / fan-in; relative to the base
        assertThat(PERCEPTRON.sgdFactors(256)).containsExactlyInAnyOrderEntriesOf(Map.of("0.weight", 8.0, "0.bias", 8.0, "2.weight", 1.0, "2.bias", 8.0, "4.weight", 0.125, "4.bias", 1.0));
        assertThat(PERCEPTRON.adamFactors(256)).containsExactlyInAnyOrderEntriesOf(Map.of("0.weight", 1.0, "0.bias", 1.0, "2.weight", 0.125, "2.bias", 1.0, "4.weight", 0.125, "4.bias", 1.0));
        assertThat(PERCEPTRON.sgdFactors(32).values()).containsOnly(1.0);
    }

    @Test
    void outputWeightsHaveADeviationOfOneOverFanIn() {
        double[] scaled = Stream.of(64, 256, 1024).mapToDouble(n -> n * PERCEPTRON.init(n, Random.seed(3)).params().get("4.weight").std(0).item()).toArray();
        assertThat(scaled[1] / scaled[0]).isCloseTo(1, within(0.15)); // 192 numbers and more: four standard errors
        assertThat(scaled[2] / scaled[0]).isCloseTo(1, within(0.15));
        Params wide = PERCEPTRON.init(1024, Random.seed(3)).params();
        assertThat(wide.get("2.weight").std(0).item() * Math.sqrt(1024)).isCloseTo(1 / Math.sqrt(3), within(0.01)); // uniform in +-1 / sqrt(fan-in)
        assertThat(wide.get("2.weight").toFloats()).isEqualTo(Mlp.of(Activation.RELU, 10, 1024, 1024, 3).init(Random.seed(3)).params().get("2.weight").toFloats());
    }

    @Test
    void sgdTrainsAsTheAbcParametrisationSays() {
        int n = 24;
        MuP rule = MuP.of(w -> Sequential.of(Linear.of(6, w).withoutBias(), Activation.TANH, Linear.of(w, w).withoutBias(), Activation.TANH, Linear.of(w, 2).withoutBias()), 1);
        Model abc = new AbcMlp(AbcParametrization.muP(2), Tensor::tanh, 6, n, 2).init(Random.seed(4));
        Params effective = Params.of("0.weight", abc.params().get("w1").to(DType.FLOAT64).mul(Math.sqrt(n)))
                .with("2.weight", abc.params().get("w2"))
                .with("4.weight", abc.params().get("w3").to(DType.FLOAT64).div(Math.sqrt(n)));
        Model plain = rule.init(n, Random.seed(5)).with(effective);
        same(trained(plain, rule.sgd(n, factor -> Sgd.of(0.05 * factor)), 20), trained(abc, Sgd.of(0.05), 20), 1e-9);
        same(trained(plain, rule.sgd(n, factor -> Sgd.of(0.02 * factor).withMomentum(0.9)), 20), trained(abc, Sgd.of(0.02).withMomentum(0.9), 20), 1e-9);
    }

    @Test
    void branchesTrainAsWithAMultiplierOfOneOverRootDepth() {
        double growth = 5;
        Module block = Sequential.of(Activation.TANH, Linear.of(8, 8).withoutBias());
        Module plain = Sequential.of(Linear.of(6, 8), Residual.of(block), Residual.of(block), Linear.of(8, 2));
        Module scaled = Sequential.of(Linear.of(6, 8), new ScaledResidual(block, 1 / Math.sqrt(growth)), new ScaledResidual(block, 1 / Math.sqrt(growth)), Linear.of(8, 2));
        MuP rule = MuP.of(w -> plain, 8).withBranches("*.1.weight", growth);
        Model explicit = scaled.init(Random.seed(6));
        Model ours = rule.init(8, Random.seed(6));
        same(trained(ours, rule.sgd(8, factor -> Sgd.of(0.1 * factor)), 20), trained(explicit, Sgd.of(0.1), 20), 1e-6);
        Optimiser adam = Groups.of(Adam.of(0.01).withEps(0)).with("*.1.weight", Adam.of(0.01 / Math.sqrt(growth)).withEps(0)); // table 2 of Tensor Programs VI
        same(trained(ours, rule.adam(8, factor -> Adam.of(0.01 * factor).withEps(0)), 20), trained(explicit, adam, 20), 1e-5);
    }

    @Test
    void axesOfAConvolutionAreRead() {
        MuP conv = MuP.of(n -> Sequential.of(Conv2d.of(3, n, 3), Conv2d.of(n, n, 3), Conv2d.of(n, 5, 1)), 4);
        assertThat(conv.roles()).containsEntry("0.weight", Role.INPUT).containsEntry("1.weight", Role.HIDDEN).containsEntry("2.weight", Role.OUTPUT);
    }

    @Test
    void anEmbeddingMustBeNamed() {
        MuP words = MuP.of(n -> Sequential.of(Embedding.of(50, n), Linear.of(n, 50)), 16);
        assertThatThrownBy(words::roles).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("[0.weight, 1.weight] all look like output weights");
        assertThat(words.with("0.*", Role.INPUT).adamFactors(64)).containsEntry("0.weight", 1.0).containsEntry("1.weight", 0.25);
        assertThat(words.with("0.*", Role.INPUT).sgdFactors(64)).containsEntry("0.weight", 4.0);
    }

    @Test
    void badInputSaysWhatIsWrong() {
        assertThatThrownBy(() -> MuP.of(n -> Linear.of(n, n), 0)).hasMessage("MuP: base width is 0, expected at least 1");
        assertThatThrownBy(() -> PERCEPTRON.withBranches("*", 0)).hasMessage("MuP: depth growth is 0.0, expected above 0");
        assertThatThrownBy(() -> MuP.of(n -> n > 1 ? Linear.of(n, n) : Linear.of(n, n).withoutBias(), 1).roles()).hasMessageContaining("other parameters at width 1 than at 2");
    }
}
