package lemma.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import lemma.tensor.DType;
import lemma.tensor.Tensor;
import lemma.train.Batch;
import org.junit.jupiter.api.Test;

class WindowsTest {
    @Test
    void theNextTokenIsTheTargetOfEachToken() {
        Batch batch = Windows.nextToken(Tensor.of(new long[] {10, 11, 12, 13, 14, 15, 16}), 3, 2);
        assertThat(batch.x().shape().dims()).containsExactly(2, 3);
        assertThat(batch.x().toLongs()).containsExactly(10, 11, 12, 12, 13, 14);
        assertThat(batch.y().toLongs()).containsExactly(11, 12, 13, 13, 14, 15);
        assertThat(batch.x().dtype()).isEqualTo(DType.INT64);
    }

    @Test
    void theLastWindowReachesTheEndOfTheSeries() {
        Batch batch = Windows.forecast(Tensor.of(new float[] {0, 1, 2, 3, 4}), 2, 1, 1);
        assertThat(batch.x().toFloats()).containsExactly(0, 1, 1, 2, 2, 3);
        assertThat(batch.y().toFloats()).containsExactly(2, 3, 4);
    }

    @Test
    void channelsStayTogether() {
        Batch batch = Windows.forecast(Tensor.of(new float[] {0, 100, 1, 101, 2, 102, 3, 103, 4, 104}, 5, 2), 2, 2, 1);
        assertThat(batch.x().shape().dims()).containsExactly(2, 2, 2);
        assertThat(batch.x().toFloats()).containsExactly(0, 100, 1, 101, 1, 101, 2, 102);
        assertThat(batch.y().toFloats()).containsExactly(2, 102, 3, 103, 3, 103, 4, 104);
    }

    @Test
    void aSeriesThatIsTooShortIsQuoted() {
        assertThatThrownBy(() -> Windows.forecast(Tensor.zeros(4), 3, 2, 1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Windows.forecast: 4 steps are too few for a window of 3 and 2");
        assertThatThrownBy(() -> Windows.nextToken(Tensor.zeros(4), 0, 1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("input 0");
    }
}
