package lemma.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import lemma.loss.Losses;
import lemma.nn.FourierBasis;
import lemma.nn.KanBasis;
import lemma.nn.RbfBasis;
import lemma.nn.SelectableKanLinear;
import lemma.optim.Adam;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

class SelectiveTrainingTest {
    private static final List<KanBasis> POOL = List.of(RbfBasis.of(2), FourierBasis.of(2));

    @Test
    void aWaveMakesOneLayerChooseWaves() {
        Tensor x = Random.seed(1).uniform(300, 1).mul(2).sub(1);
        Tensor y = x.mul(2 * Math.PI).sin();
        var net = SelectableKanLinear.of(1, 1, POOL).init(Random.seed(2));
        var fitted = SelectiveTraining.of(60, 40, 150).fit(net, steps -> Adam.of(0.02), t -> t.loss(Losses::mse).batchSize(300).quiet().fit(x, y));
        assertThat(fitted.choices()).containsExactly(List.of(1));
        assertThat(fitted.share(1)).isEqualTo(1);
        assertThat(fitted.selected().state().get("temperature").item()).isCloseTo(0.01, within(1e-5));
        assertThat(Losses.mse(fitted.model().apply(x), y).item()).isLessThan(1e-3);
    }

    @Test
    void settingsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> SelectiveTraining.of(1, 0, 1)).hasMessageContaining("1, 0 and 1 steps");
        assertThatThrownBy(() -> SelectiveTraining.of(1, 1, 1).withColdest(1)).hasMessageContaining("coldest is 1.0");
    }
}
