package lemma.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import lemma.loss.Losses;
import lemma.nn.Linear;
import lemma.nn.Model;
import lemma.optim.Sgd;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

class MixupTest {
    @Test
    void inputsAndTargetsAreMixedAlike() {
        Tensor x = Random.seed(1).normal(50, 3);
        Tensor y = x.matmul(Tensor.of(new float[] {1, -2, 3}, 3, 1));
        Batch mixed = Mixup.of(0.5).apply(new Batch(x, y), Random.seed(2));
        assertThat(mixed.y().toDoubles()).containsExactly(mixed.x().matmul(Tensor.of(new float[] {1, -2, 3}, 3, 1)).toDoubles(), within(1e-5));
        assertThat(mixed.x().sum(0).toDoubles()).containsExactly(x.sum(0).toDoubles(), within(1e-4)); // each example gives c once and 1 - c once
        assertThat(mixed.x().sub(x).abs().max().item()).isPositive();
    }

    @Test
    void sharesHaveTheMomentsOfTheirBetaDistribution() {
        Tensor x = Tensor.of(new float[] {0, 1}, 2, 1);
        double[] spread = IntStream.range(0, 4000).mapToDouble(i -> {
            double c = Mixup.of(0.4).apply(new Batch(x, x), Random.seed(3).fork(i)).x().max().item();
            return (c - 0.5) * (c - 0.5);
        }).toArray();
        // Var Beta(a, a) = 1 / (4 (2 a + 1)); where the permutation is the identity, half of the time, the spread is 1/4
        double mean = java.util.Arrays.stream(spread).average().getAsDouble();
        assertThat(mean).isCloseTo(0.5 * 0.25 + 0.5 / (4 * 1.8), within(4 * 0.09 / Math.sqrt(4000))); // the spread deviates by less than 0.09
    }

    @Test
    void labelsMustBeOneHot() {
        Batch labels = new Batch(Tensor.zeros(2, 3), Tensor.of(new long[] {0, 1}));
        assertThatThrownBy(() -> Mixup.of(1).apply(labels, Random.seed(1))).hasMessageContaining("INT64").hasMessageContaining("one-hot");
        assertThatThrownBy(() -> Mixup.of(0)).hasMessageContaining("alpha is 0");
    }

    private static final Tensor X = Random.seed(4).normal(40, 3);
    private static final Tensor Y = Random.seed(5).uniform(40, 1).gt(0.5).to(DType.FLOAT32);
    private static final Model START = Linear.of(3, 1).init(Random.seed(6));

    private static Trainer trainer() {
        return Trainer.of(START, Sgd.of(0.1)).loss(Losses::binaryCrossEntropyWithLogits).batchSize(20).epochs(3).seed(7).quiet();
    }

    @Test
    void aTrainerMixesItsBatchesWithTheNumbersOfTheStepAndNotTheValidationData() {
        double[] once = trainer().augment(Mixup.of(0.5)).fit(X, Y).losses();
        assertThat(trainer().augment(Mixup.of(0.5)).fit(X, Y).losses()).isEqualTo(once);
        assertThat(trainer().fit(X, Y).losses()[0]).isNotEqualTo(once[0]);
        List<History.Evaluation> seen = trainer().augment((b, random) -> new Batch(b.x().mul(0), b.y())).validation(TrainingData.of(X, Y)).fit(X, Y).evaluations();
        assertThat(seen.getFirst().values().get("val_loss")).isNotCloseTo(seen.getFirst().values().get("loss"), within(1e-3));
    }

    @Test
    void earlyStoppingComparesTheValidationLossThatWasGiven() {
        var all = TrainingData.of(X, Y);
        Trainer worse = trainer().validation(all).epochs(10).earlyStopping(3).validationLoss((h, y) -> Losses.binaryCrossEntropyWithLogits(h, y).neg());
        History h = worse.fit(all);
        assertThat(h.evaluations()).hasSize(4); // the loss falls, so its negative rises from the first epoch on
        assertThat(h.evaluations().getFirst().values().get("val_loss")).isNegative();
    }
}
