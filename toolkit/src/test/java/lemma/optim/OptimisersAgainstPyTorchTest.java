package lemma.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import lemma.autodiff.Autodiff;
import lemma.nn.LayerFixtures;
import lemma.nn.Params;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OptimisersAgainstPyTorchTest {
    static Stream<Arguments> optimisers() {
        return Stream.of(
                Arguments.of("sgd", Sgd.of(0.02)),
                Arguments.of("momentum", Sgd.of(0.02).withMomentum(0.9).withWeightDecay(0.1)),
                Arguments.of("nesterov", Sgd.of(0.02).withMomentum(0.9).withNesterov()),
                Arguments.of("adam", Adam.of(0.05)),
                Arguments.of("adamw", AdamW.of(0.05).withBetas(0.8, 0.95).withWeightDecay(0.1)),
                Arguments.of("clip", Sgd.of(0.05).withClipNorm(0.5)),
                Arguments.of("cosine", Sgd.of(Schedule.cosine(0.05, 0.001, 20))),
                Arguments.of("multistep", Adam.of(Schedule.multiStep(0.05, 0.3, 5, 12))));
    }

    @ParameterizedTest
    @MethodSource("optimisers")
    void twentyStepsEndWherePyTorchEnds(String name, Optimiser optimiser) {
        Tensor w = LayerFixtures.get(name + "/w");
        Params params = Params.of("p", LayerFixtures.get(name + "/p0")).with("q", LayerFixtures.get(name + "/q0"));
        Optimiser.State state = optimiser.init(params);
        for (int i = 0; i < 20; i++) {
            Params g = Autodiff.grad((Params z) -> loss(z, w), params);
            Optimiser.Update update = optimiser.step(params, g, state);
            params = update.params();
            state = update.state();
        }
        assertThat(state.step()).isEqualTo(20);
        assertThat(params.get("p").toDoubles()).containsExactly(LayerFixtures.get(name + "/p").toDoubles(), within(1e-12));
        assertThat(params.get("q").toDoubles()).containsExactly(LayerFixtures.get(name + "/q").toDoubles(), within(1e-12));
    }

    private static Tensor loss(Params z, Tensor w) {
        Tensor p = z.get("p");
        Tensor q = z.get("q");
        return w.mul(p.pow(4)).sum().div(4).add(p.mul(q).sum()).add(q.square().sum());
    }

    @Test
    void oneCycleIsPyTorchs() {
        Schedule ours = Schedule.oneCycle(0.1, 50);
        double[] rates = LayerFixtures.get("onecycle/rates").toDoubles();
        for (int t = 0; t < 50; t++) assertThat(ours.at(t)).as("step " + t).isCloseTo(rates[t], within(1e-15));
    }

    @Test
    void warmUpStableDecayHasItsThreeParts() {
        Schedule s = Schedule.wsd(1, 0, 60, 90).withWarmUp(10);
        assertThat(new double[] {s.at(0), s.at(4), s.at(10), s.at(69), s.at(85), s.at(100), s.at(500)}).containsExactly(new double[] {0.1, 0.5, 1, 1, 0.5, 0, 0}, within(1e-15));
    }

    @Test
    void badSettingsAreNamed() {
        assertThatThrownBy(() -> Adam.of(-1)).hasMessageContaining("-1.0");
        assertThatThrownBy(() -> Sgd.of(1).withMomentum(-0.5)).hasMessageContaining("-0.5");
        assertThatThrownBy(() -> Schedule.wsd(1, 0, 9, 9)).hasMessageContaining("stable is 9");
        assertThatThrownBy(() -> Schedule.multiStep(1, 0.1, 5, 5)).hasMessageContaining("5");
    }
}
