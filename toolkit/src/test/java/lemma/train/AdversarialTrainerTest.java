package lemma.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import lemma.loss.PgdAttack;
import lemma.loss.SmoothAdversarialCompSumLoss;
import lemma.loss.TradesLoss;
import lemma.nn.BatchNorm1d;
import lemma.nn.Linear;
import lemma.nn.Model;
import lemma.optim.Adam;
import lemma.tensor.MemoryPool;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import lemma.tensor.DType;
import org.junit.jupiter.api.Test;

class AdversarialTrainerTest {
    // one strong feature, and forty weak ones that an attack of radius 0.3 turns over
    private static final Tensor Y = Random.seed(1).integers(0, 2, 600);
    private static final Tensor SIGN = Y.to(DType.FLOAT32).mul(2).sub(1).unsqueeze(1);
    private static final Tensor X = Tensor.concat(java.util.List.of(
            SIGN.mul(Random.seed(2).uniform(600, 1).lt(0.95).to(DType.FLOAT32).mul(2).sub(1)),
            Random.seed(3).normal(600, 40).add(SIGN.mul(0.25))), 1);
    private static final PgdAttack ATTACK = PgdAttack.linf(0.3, 5);

    private static double robust(double weight, boolean trades) {
        var loss = trades ? TradesLoss.of(weight) : SmoothAdversarialCompSumLoss.of(1, weight);
        Model m = new AdversarialTrainer(Adam.of(1e-2), ATTACK, loss, 15, 60).fit(Linear.of(41, 2).init(Random.seed(4)), X, Y, 5);
        return AdversarialTrainer.robustAccuracy(m, ATTACK, X, Y, 6);
    }

    @Test
    void bothLossesGiveUpFeaturesThatAnAttackTurnsOver() {
        double plain = robust(0, true);
        assertThat(robust(5, true)).isGreaterThan(plain + 0.2);
        assertThat(robust(0.5, false)).isGreaterThan(plain + 0.2);
    }

    @Test
    void aSeedGivesOneModelAndMemoryStays() {
        AdversarialTrainer trainer = new AdversarialTrainer(Adam.of(1e-2), ATTACK, TradesLoss.of(1), 1, 60);
        Model start = Linear.of(41, 2).init(Random.seed(4));
        Model first = trainer.fit(start, X, Y, 5);
        long before = MemoryPool.bytesInUse();
        Model second = new AdversarialTrainer(Adam.of(1e-2), ATTACK, TradesLoss.of(1), 1, 60).fit(start, X, Y, 5);
        assertThat(MemoryPool.bytesInUse() - before).isLessThan(20_000);
        assertThat(second.params().get("weight").toDoubles()).isEqualTo(first.params().get("weight").toDoubles());
    }

    @Test
    void runningStatisticsAreRefused() {
        AdversarialTrainer trainer = new AdversarialTrainer(Adam.of(1e-2), ATTACK, TradesLoss.of(1), 1, 60);
        assertThatThrownBy(() -> trainer.fit(BatchNorm1d.of(41).init(Random.seed(0)), X, Y, 1)).hasMessageContaining("running");
    }

    @Test
    void topKCountsLabelsAmongTheLargest() {
        Tensor logits = Tensor.of(new double[][] {{3, 2, 1}, {1, 2, 3}, {2, 3, 1}});
        Tensor y = Tensor.of(new long[] {1, 0, 1});
        assertThat(Metrics.topKAccuracy(logits, y, 1)).isEqualTo(Metrics.accuracy(logits, y));
        assertThat(Metrics.topKAccuracy(logits, y, 2)).isCloseTo(2 / 3.0, within(1e-6));
        assertThat(Metrics.topKAccuracy(logits, y, 3)).isEqualTo(1);
        assertThatThrownBy(() -> Metrics.topKAccuracy(logits, y, 4)).hasMessageContaining("k is 4");
    }
}
