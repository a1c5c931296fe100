package lemma.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import lemma.autodiff.Autodiff;
import lemma.loss.Losses;
import lemma.nn.FixtureFile;
import lemma.nn.Params;
import lemma.tensor.DType;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every step of twenty beside PyTorch's. */
class OptimiserStepsTest {
    private static final FixtureFile TORCH = FixtureFile.of("optimisers.safetensors");
    private static final Params START = Params.of("p", TORCH.get("p0")).with("q", TORCH.get("q0"));

    static Stream<Arguments> optimisers() {
        return Stream.of(
                Arguments.of("sgd_dampening", Sgd.of(0.02).withMomentum(0.9).withDampening(0.3).withWeightDecay(0.1)),
                Arguments.of("sgd_nesterov", Sgd.of(0.02).withMomentum(0.9).withNesterov().withWeightDecay(0.1)),
                Arguments.of("rmsprop", RmsProp.of(0.01)),
                Arguments.of("rmsprop_momentum", RmsProp.of(0.01).withAlpha(0.9).withMomentum(0.8).withWeightDecay(0.1)),
                Arguments.of("rmsprop_centred", RmsProp.of(0.01).asCentred().withMomentum(0.5)),
                Arguments.of("adagrad", Adagrad.of(0.05)),
                Arguments.of("adagrad_options", Adagrad.of(0.05).withLrDecay(0.1).withWeightDecay(0.1).withInitialAccumulator(0.2)),
                Arguments.of("adadelta", Adadelta.of(1).withWeightDecay(0.1)),
                Arguments.of("nadam", NAdam.of(0.02).withWeightDecay(0.1)),
                Arguments.of("radam", RAdam.of(0.02).withWeightDecay(0.1)),
                Arguments.of("amsgrad", Adam.of(0.05).withBetas(0.8, 0.9).withAmsgrad()),
                Arguments.of("amsgrad_decoupled", AdamW.of(0.05).withAmsgrad()),
                Arguments.of("groups", Groups.of(AdamW.of(0.05).withWeightDecay(0)).with("p*", AdamW.of(0.02).withWeightDecay(0.1))),
                Arguments.of("groups", Groups.of(AdamW.of(0.02).withWeightDecay(0.1)).with(Groups.NORMS_AND_BIASES, AdamW.of(0.05).withWeightDecay(0))),
                Arguments.of("ema", Sgd.of(0.05).withEma(0.9)),
                Arguments.of("swa", Sgd.of(0.05).withSwa(0)),
                Arguments.of("lamb", Lamb.of(0.02).withWeightDecay(0.05)),
                Arguments.of("lion", Lion.of(0.02).withWeightDecay(0.1)));
    }

    private static List<Optimiser.Update> twentySteps(Optimiser optimiser) {
        List<Optimiser.Update> steps = new ArrayList<>();
        Optimiser.Update now = new Optimiser.Update(START, optimiser.init(START));
        for (int i = 0; i < 20; i++) {
            Params g = Autodiff.grad((Params z) -> loss(z), now.params());
            now = optimiser.step(now.params(), g, now.state());
            steps.add(now);
        }
        return steps;
    }

    private static Tensor loss(Params z) {
        Tensor p = z.get("p");
        Tensor q = z.get("q");
        return TORCH.get("w").mul(p.pow(4)).sum().div(4).add(p.mul(q).sum()).add(q.square().sum());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("optimisers")
    void everyStepIsThatOfPyTorch(String name, Optimiser optimiser) {
        List<Optimiser.Update> steps = twentySteps(optimiser);
        for (int i = 0; i < 20; i++) {
            close(name + " step " + i + " p", steps.get(i).params().get("p"), TORCH.get(name + "/p").get(i));
            close(name + " step " + i + " q", steps.get(i).params().get("q"), TORCH.get(name + "/q").get(i));
            assertThat(steps.get(i).state().step()).isEqualTo(i + 1);
        }
        if (!TORCH.all().has(name + "/mean_p")) return;
        Params mean = optimiser.forEvaluation(steps.getLast().params(), steps.getLast().state());
        close(name + " mean p", mean.get("p"), TORCH.get(name + "/mean_p"));
        close(name + " mean q", mean.get("q"), TORCH.get(name + "/mean_q"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("optimisers")
    void theyLowerTheLossInSinglePrecision(String name, Optimiser optimiser) {
        Params params = START.map(t -> t.to(DType.FLOAT32));
        Optimiser.Update now = new Optimiser.Update(params, optimiser.init(params));
        for (int i = 0; i < 20; i++) now = optimiser.step(now.params(), Autodiff.grad((Params z) -> loss(z), now.params()), now.state());
        assertThat(now.params().get("p").dtype()).isEqualTo(DType.FLOAT32);
        assertThat(loss(now.params()).item()).isLessThan(loss(START).item());
    }

    static Stream<Arguments> schedules() {
        return Stream.of(
                Arguments.of("exponential", Schedule.exponential(0.1, 0.95)),
                Arguments.of("step", Schedule.step(0.1, 0.5, 7)),
                Arguments.of("polynomial", Schedule.polynomial(0.1, 0, 40, 2)),
                Arguments.of("linear", Schedule.linear(0.1, 0.01, 30)),
                Arguments.of("cosineRestarts", Schedule.cosineRestarts(0.1, 0.01, 8, 2)),
                Arguments.of("cosineRestartsEqual", Schedule.cosineRestarts(0.1, 0.01, 8, 1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("schedules")
    void ratesAreThoseOfPyTorch(String name, Schedule schedule) {
        double[] rates = TORCH.get("rates/" + name).toDoubles();
        for (int t = 0; t < rates.length; t++) assertThat(schedule.at(t)).as(name + " step " + t).isCloseTo(rates[t], within(1e-14));
    }

    @Test
    void inverseSqrtRisesAndFallsAsVaswaniEtAlHaveIt() {
        // d^-0.5 min(step^-0.5, step warmup^-1.5) with step from 1
        Schedule s = Schedule.inverseSqrt(1 / Math.sqrt(512.0 * 4000), 4000);
        for (long step : new long[] {1, 100, 3999, 4000, 4001, 100_000}) {
            assertThat(s.at(step - 1)).isCloseTo(Math.pow(512, -0.5) * Math.min(Math.pow(step, -0.5), step * Math.pow(4000, -1.5)), within(1e-15));
        }
    }

    @Test
    void oneScheduleAfterAnother() {
        Schedule s = Schedule.constant(0.5).then(3, Schedule.linear(1, 0, 4));
        assertThat(new double[] {s.at(0), s.at(2), s.at(3), s.at(5), s.at(9)}).containsExactly(0.5, 0.5, 1, 0.5, 0);
    }

    @Test
    void plateausAreThoseOfPyTorch() {
        ReduceOnPlateau s = ReduceOnPlateau.of(0.1).withFactor(0.5).withPatience(2).withThreshold(0.01).withCooldown(1).withLeast(0.01);
        double[] measures = TORCH.get("plateau/measures").toDoubles();
        double[] rates = TORCH.get("plateau/rates").toDoubles();
        for (int i = 0; i < measures.length; i++) {
            s.observe(measures[i]);
            assertThat(s.at(0)).as("evaluation " + i).isCloseTo(rates[i], within(1e-15));
        }
        assertThat(s.at(0)).isEqualTo(0.01);
        s.reset();
        assertThat(s.at(0)).isEqualTo(0.1);
    }

    @Test
    void lbfgsOnParamsFindsTheMinimumThatPyTorchFinds() {
        Tensor x = TORCH.get("lbfgs/x");
        Tensor y = TORCH.get("lbfgs/y");
        Params start = Params.of("w", Tensor.zeros(3).to(DType.FLOAT64)).with("b", Tensor.zeros(1).to(DType.FLOAT64));
        Lbfgs.ParamsResult r = Lbfgs.minimize((Params p) -> Losses.binaryCrossEntropyWithLogits(x.matmul(p.get("w")).add(p.get("b")), y).add(p.get("w").square().sum().mul(0.01)), start);
        assertThat(r.converged()).as(r.status().toString()).isTrue();
        assertThat(r.value()).isCloseTo(TORCH.get("lbfgs/value").item(), within(1e-14));
        assertThat(r.params().get("w").toDoubles()).containsExactly(TORCH.get("lbfgs/w").toDoubles(), within(1e-9));
        assertThat(r.params().get("b").toDoubles()).containsExactly(TORCH.get("lbfgs/b").toDoubles(), within(1e-9));
    }

    @Test
    void settingsOutOfRangeAreNamed() {
        assertThatThrownBy(() -> RmsProp.of(0.1).withAlpha(-1)).hasMessageContaining("alpha is -1.0");
        assertThatThrownBy(() -> Lion.of(0.1).withBetas(0.9, 1)).hasMessageContaining("beta2 is 1.0");
        assertThatThrownBy(() -> Sgd.of(0.1).withNesterov()).hasMessageContaining("momentum is 0.0");
        assertThatThrownBy(() -> Sgd.of(0.1).withEma(1)).hasMessageContaining("decay is 1.0");
        assertThatThrownBy(() -> ReduceOnPlateau.of(0.1).withFactor(1)).hasMessageContaining("factor is 1.0");
        assertThatThrownBy(() -> Schedule.cosineRestarts(0.1, 0, 5, 0)).hasMessageContaining("longer is 0");
    }

    private static void close(String what, Tensor ours, Tensor theirs) {
        assertThat(ours.toDoubles()).as(what).containsExactly(theirs.toDoubles(), within(1e-12));
    }
}
