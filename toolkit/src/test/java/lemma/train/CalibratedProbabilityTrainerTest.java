package lemma.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import lemma.loss.BinnedEmpiricalProbability;
import lemma.loss.Losses;
import lemma.nn.BatchNorm1d;
import lemma.nn.Linear;
import lemma.nn.Model;
import lemma.optim.Adam;
import lemma.tensor.DType;
import lemma.tensor.MemoryPool;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

class CalibratedProbabilityTrainerTest {
    private static final Tensor X = Random.seed(1).normal(800, 3);
    private static final Tensor P = X.narrow(1, 0, 1).mul(2).sigmoid();
    private static final Tensor Y = Random.seed(2).uniform(800, 1).lt(P).to(DType.FLOAT32);
    private static final TrainingData TRAIN = TrainingData.of(X.narrow(0, 0, 500), Y.narrow(0, 0, 500));
    private static final TrainingData HELD = TrainingData.of(X.narrow(0, 500, 800), Y.narrow(0, 500, 800));

    private static double loss(Model m) {
        return Trainer.evaluate(m, HELD, Losses::binaryCrossEntropyWithLogits, java.util.Map.of(), 300).get("val_loss");
    }

    private static Model overconfident() {
        Model m = Linear.of(3, 1).init(Random.seed(3));
        return m.with(m.params().with("weight", Tensor.of(new float[] {12, 0, 0}, 1, 3)));
    }

    @Test
    void aCalibratedModelComesOutOfAnOverconfidentOne() {
        Model start = overconfident();
        Model m = new CalibratedProbabilityTrainer(Adam.of(0.05), new BinnedEmpiricalProbability(10), 30, 2, 1, 50).fit(start, TRAIN, HELD, 4);
        assertThat(loss(m)).isLessThan(loss(start) - 0.2);
        double error = m.apply(X).sigmoid().sub(P).square().mean().item();
        assertThat(error).isLessThan(0.01);
    }

    @Test
    void theFirstModelIsKeptWhereNoRoundImprovesOnIt() {
        Model best = Trainer.of(Linear.of(3, 1).init(Random.seed(3)), Adam.of(0.05)).loss(Losses::binaryCrossEntropyWithLogits).epochs(20).quiet().fit(HELD).model();
        Model m = new CalibratedProbabilityTrainer(Adam.of(5), new BinnedEmpiricalProbability(10), 2, 1, 1, 50).fit(best, TRAIN, HELD, 4);
        assertThat(m.params().get("weight").toDoubles()).isEqualTo(best.params().get("weight").toDoubles());
    }

    @Test
    void memoryStaysAndASeedGivesOneModel() {
        CalibratedProbabilityTrainer trainer = new CalibratedProbabilityTrainer(Adam.of(0.05), new BinnedEmpiricalProbability(10), 3, 1, 2, 50);
        double[] first = trainer.fit(overconfident(), TRAIN, HELD, 4).params().get("weight").toDoubles();
        Model start = overconfident();
        long before = MemoryPool.bytesInUse();
        Model again = trainer.fit(start, TRAIN, HELD, 4);
        assertThat(MemoryPool.bytesInUse() - before).isLessThan(20_000);
        assertThat(again.params().get("weight").toDoubles()).isEqualTo(first);
    }

    @Test
    void anEnsembleAveragesProbabilities() {
        Model a = Linear.of(3, 1).init(Random.seed(5));
        Model b = Linear.of(3, 1).init(Random.seed(6));
        Tensor mean = a.apply(X).sigmoid().add(b.apply(X).sigmoid()).div(2);
        assertThat(new DeepEnsemble(List.of(a, b)).probabilities(X).sub(mean).abs().max().item()).isCloseTo(0, within(1e-7));
        Model c = Linear.of(3, 4).init(Random.seed(5));
        assertThat(new DeepEnsemble(List.of(c)).probabilities(X).sum(1).sub(1).abs().max().item()).isCloseTo(0, within(1e-6));
    }

    @Test
    void badSettingsAreRefused() {
        assertThatThrownBy(() -> new CalibratedProbabilityTrainer(Adam.of(1), new BinnedEmpiricalProbability(2), 0, 1, 1, 1)).hasMessageContaining("rounds 0");
        CalibratedProbabilityTrainer trainer = new CalibratedProbabilityTrainer(Adam.of(1), new BinnedEmpiricalProbability(2), 1, 1, 1, 1);
        assertThatThrownBy(() -> trainer.fit(BatchNorm1d.of(3).init(Random.seed(0)), TRAIN, HELD, 1)).hasMessageContaining("running");
        assertThatThrownBy(() -> new DeepEnsemble(List.of())).hasMessageContaining("no members");
    }
}
