package lemma.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import lemma.loss.Losses;
import lemma.nn.Linear;
import lemma.nn.Model;
import lemma.optim.Adam;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

class StepwiseTrainingTest {
    private static final Model NET = Linear.of(3, 1).init(Random.seed(1));
    private static final Tensor X = Random.seed(2).normal(16, 3);
    private static final Tensor Y = X.sum(1).unsqueeze(1);

    @Test
    void onOneLossItIsTheTrainerOnFullBatches() {
        Model ours = StepwiseTraining.of(Adam.of(0.01), 30).fit(NET, (m, t) -> Losses.mse(m.apply(X), Y));
        Model theirs = Trainer.of(NET, Adam.of(0.01)).loss(Losses::mse).steps(30).batchSize(16).quiet().fit(X, Y).model();
        for (String p : ours.params().names()) assertThat(ours.params().get(p).sub(theirs.params().get(p)).abs().max().item()).isLessThan(1e-5);
        assertThat(ours.params().get("weight").sub(NET.params().get("weight")).abs().max().item()).isGreaterThan(0.1);
    }

    @Test
    void eachStepIsAskedForItsLossInOrder() {
        List<Integer> asked = new ArrayList<>();
        StepwiseTraining.of(Adam.of(0.01), 4).fit(NET, (m, t) -> {
            asked.add(t);
            return Losses.mse(m.apply(X.narrow(0, 0, t + 1)), Y.narrow(0, 0, t + 1));
        });
        assertThat(asked).containsExactly(0, 1, 2, 3);
        assertThat(StepwiseTraining.of(Adam.of(0.01), 0).fit(NET, (m, t) -> Tensor.scalar(0))).isEqualTo(NET);
    }

    @Test
    void aLossThatIsNotFiniteEndsIt() {
        assertThatThrownBy(() -> StepwiseTraining.of(Adam.of(0.01), 3).fit(NET, (m, t) -> m.apply(X).sum().mul(t == 1 ? Double.NaN : 1)))
                .isInstanceOf(ArithmeticException.class).hasMessageContaining("NaN at step 1").hasMessageContaining("0.01");
        assertThatThrownBy(() -> StepwiseTraining.of(Adam.of(0.01), -1)).hasMessageContaining("steps is -1");
    }
}
