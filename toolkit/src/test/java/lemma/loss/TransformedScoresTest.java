package lemma.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.UnaryOperator;
import lemma.tensor.DType;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

class TransformedScoresTest {
    @Test
    void copiesAreScoredAtTheFirstClassesOfTheInputItself() {
        Tensor x = Tensor.of(new double[][] {{1, 3, 2}, {0, -1, 5}});
        UnaryOperator<Tensor> flipped = t -> t.flip(1);
        double[] f = new TransformedScores(t -> t, 2, List.of(UnaryOperator.identity(), flipped)).apply(x).toDoubles();
        Tensor p = x.softmax(-1);
        Tensor q = x.flip(1).softmax(-1);
        double[] expected = {p.get(0, 1).item(), p.get(0, 2).item(), q.get(0, 1).item(), q.get(0, 2).item(), p.get(1, 2).item(), p.get(1, 0).item(), q.get(1, 2).item(), q.get(1, 0).item()};
        assertThat(f).containsExactly(expected, within(1e-15));
    }

    @Test
    void tooFewClassesAreRefused() {
        TransformedScores four = new TransformedScores(t -> t, 4, List.of(UnaryOperator.identity()));
        assertThatThrownBy(() -> four.apply(Tensor.zeros(2, 3).to(DType.FLOAT64))).hasMessageContaining("[2, 3]").hasMessageContaining("4");
        assertThatThrownBy(() -> new TransformedScores(t -> t, 4, List.of())).hasMessageContaining("0 copies");
    }
}
