package lemma.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lemma.autodiff.Autodiff;
import lemma.data.Datasets;
import lemma.data.StandardScaler;
import lemma.nn.Params;
import lemma.optim.Adam;
import lemma.optim.Optimiser;
import lemma.optim.Schedule;
import lemma.optim.Sgd;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchedulesOfConvexProblemsTest {
    /** On {@code G |x|} every step has the length eta s G, so that the path is known. */
    @Test
    void theMethodTakesTheStepsOfTheFormula() {
        SubgradientMethod method = new SubgradientMethod(t -> 1 - (t + 1) / 4.0, 4);
        Tensor start = Tensor.of(new double[] {5, -7}, 2, 1);
        SubgradientMethod.Path path = method.run(z -> z.abs().mul(3).sum(1), start, Tensor.of(new double[] {0.1, 0.2}, 2));
        assertThat(path.last().toDoubles()).containsExactly(new double[] {5 - 0.1 * 3 * 1.5, -7 + 0.2 * 3 * 1.5}, within(1e-12));
        assertThat(path.norms().shape().dims()).containsExactly(4, 2);
        assertThat(path.norms().toDoubles()).containsOnly(3);
    }

    /** Zamani and Glineur's bound, on maxima of random linear functions, whose minimum at 0 is known. */
    @ParameterizedTest
    @ValueSource(ints = {10, 100, 1000})
    void linearDecayKeepsToTheWorstCaseRate(int steps) {
        Tensor a = Random.seed(1).normal(5, 6, 3);
        a = Tensor.concat(List.of(a, a.neg()), 1);
        Tensor lipschitz = a.norm(2).max(1);
        Tensor start = Random.seed(2).normal(5, 3);
        Tensor distance = start.norm(1);
        Tensor rows = a;
        SubgradientMethod method = new SubgradientMethod(t -> 1 - (t + 1.0) / steps, steps);
        Tensor last = method.run(z -> rows.matmul(z.unsqueeze(2)).squeeze(2).max(1), start, distance.div(lipschitz).div(Math.sqrt(steps))).last();
        Tensor above = rows.matmul(last.unsqueeze(2)).squeeze(2).max(1);
        assertThat(above.div(distance.mul(lipschitz)).max().item()).isBetween(0.0, 1 / Math.sqrt(steps));
    }

    private static LinearProblem problem(LinearProblem.Loss loss) {
        Tensor x = Datasets.breastCancer().x();
        return LinearProblem.oneAgainstRest("breast cancer", StandardScaler.fit(x).transform(x), Datasets.breastCancer().y(), 1, loss);
    }

    @ParameterizedTest
    @EnumSource(LinearProblem.Loss.class)
    void lossesAreTheirDefinitions(LinearProblem.Loss loss) {
        LinearProblem p = problem(loss);
        Tensor w = Random.seed(1).normal(31, 2).mul(0.2);
        double[] score = p.x().matmul(w).toDoubles();
        double[] y = p.y().toDoubles();
        double[] expected = new double[2];
        for (int i = 0; i < score.length; i++) {
            double s = score[i];
            double label = y[i / 2];
            expected[i % 2] += switch (loss) {
                case LOGISTIC -> Math.log1p(Math.exp(-label * s));
                case HINGE -> Math.max(0, 1 - label * s);
                case ABSOLUTE -> Math.abs(s - label);
            } / y.length;
        }
        assertThat(p.losses(w).toDoubles()).containsExactly(expected, within(1e-5));
    }

    static List<Optimiser> rules() {
        return List.of(Sgd.of(1), Adam.of(1));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void aRunBesideOthersIsTheRunAlone(Optimiser unit) {
        LinearProblem p = problem(LinearProblem.Loss.LOGISTIC);
        Schedule cosine = Schedule.cosine(0.03, 0, 50);
        List<Schedule> all = List.of(Schedule.constant(0.1), cosine, Schedule.linear(0.3, 0, 50));
        SideBySide.Outcome together = new SideBySide(unit, 50, 8).run(p, all, 2, Random.seed(4));
        Optimiser alone = unit instanceof Adam ? Adam.of(cosine) : Sgd.of(cosine);
        Params w = Params.of("w", Tensor.zeros(31, 1));
        Optimiser.State state = alone.init(w);
        List<Double> norms = new ArrayList<>();
        for (int t = 0; t < 50; t++) {
            Tensor rows = Random.seed(4).fork(t).integers(0, 569, 8);
            Params g = Autodiff.grad((Params q) -> p.losses(q.get("w"), rows).sum(), w);
            norms.add(g.get("w").norm().item());
            Optimiser.Update update = alone.step(w, g, state);
            w = update.params();
            state = update.state();
        }
        assertThat(together.losses()[1]).isCloseTo(p.losses(w.get("w")).item(), within(1e-5));
        assertThat(together.norms(1)).containsExactly(norms.stream().mapToDouble(d -> d).toArray(), within(1e-4));
    }

    @Test
    void tuningTakesTheRateOfTheLeastMeanLoss() {
        LinearProblem p = problem(LinearProblem.Loss.HINGE);
        SideBySide race = new SideBySide(Sgd.of(1), 40, 8);
        double[] rates = {1e-4, 0.03, 300};
        SideBySide.Tuned tuned = race.tune(p, Map.of("constant", Schedule.constant(1)), rates, 2, 5, 6).get("constant");
        double[] means = new double[3];
        SideBySide.Outcome[] alone = new SideBySide.Outcome[2];
        for (int s = 0; s < 2; s++) {
            alone[s] = race.run(p, List.of(Schedule.constant(1e-4), Schedule.constant(0.03), Schedule.constant(300)), 2, Random.seed(5 + s));
            for (int j = 0; j < 3; j++) means[j] += alone[s].losses()[j];
        }
        assertThat(means[1]).isLessThan(Math.min(means[0], means[2]));
        assertThat(tuned.rate()).isEqualTo(0.03);
        assertThat(tuned.losses()).containsExactly(new double[] {alone[0].losses()[1], alone[1].losses()[1]}, within(1e-6));
        assertThat(tuned.norms()[7]).isCloseTo(Math.hypot(alone[0].norms(1)[7], alone[1].norms(1)[7]) / Math.sqrt(2), within(1e-5));
    }

    @Test
    void whatDivergesHasAnInfiniteLoss() {
        SideBySide.Outcome out = new SideBySide(Sgd.of(1), 200, 8).run(problem(LinearProblem.Loss.ABSOLUTE), List.of(Schedule.exponential(1, 10), Schedule.constant(0.01)), 2, Random.seed(1));
        assertThat(out.losses()[0]).isInfinite();
        assertThat(out.losses()[1]).isBetween(0.0, 1.0);
    }

    @Test
    void badInputIsNamed() {
        assertThatThrownBy(() -> new LinearProblem("p", Tensor.zeros(3, 2), Tensor.of(new float[] {1, -1, 0}, 3, 1), LinearProblem.Loss.HINGE)).hasMessageContaining("neither 1 nor -1");
        assertThatThrownBy(() -> new LinearProblem("p", Tensor.zeros(3, 2), Tensor.ones(3), LinearProblem.Loss.HINGE)).hasMessageContaining("[3]");
        assertThatThrownBy(() -> new SideBySide(Sgd.of(0.1), 5, 5)).hasMessageContaining("0.1, expected 1");
        assertThatThrownBy(() -> new SubgradientMethod(t -> 1, 3).run(z -> z.sum(1), Tensor.zeros(2, 2), Tensor.ones(3))).hasMessageContaining("[3]");
    }
}
