package lemma.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import lemma.tensor.DType;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

class StandardScalerTest {
    /** scikit-learn 1.9.1: StandardScaler().fit(x[:100]) on iris, in float64. */
    @Test
    void agreesWithScikitLearnWhenFittedOnTheFirstHundredRows() {
        Tensor x = Tensor.of(Datasets.iris().rows());
        StandardScaler scaler = StandardScaler.fit(x.narrow(0, 0, 100));
        assertThat(scaler.mean()).containsExactly(new double[] {5.471, 3.099, 2.861, 0.786}, within(1e-12));
        assertThat(scaler.std()).containsExactly(new double[] {0.638481793, 0.4763391649, 1.4422825659, 0.5623201935}, within(1e-8));
        Tensor z = scaler.transform(x);
        assertThat(z.get(149).toDoubles()).containsExactly(new double[] {0.6719063953, -0.2078351043, 1.5524003776, 1.8032430842}, within(1e-7));
        assertThat(scaler.inverse(z).toDoubles()).containsExactly(x.toDoubles(), within(1e-12));
    }

    @Test
    void keepsTheTypeAndOnlyCentresAConstantFeature() {
        Tensor x = Tensor.of(new float[] {1, 7, 3, 7}, 2, 2);
        Tensor z = StandardScaler.fit(x).transform(x);
        assertThat(z.dtype()).isEqualTo(DType.FLOAT32);
        assertThat(z.toFloats()).containsExactly(-1, 0, 1, 0);
    }

    @Test
    void badInputIsQuoted() {
        assertThatThrownBy(() -> StandardScaler.fit(Tensor.zeros(3))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("expected (rows, features)");
        assertThatThrownBy(() -> StandardScaler.fit(Tensor.of(new double[] {1, Double.NaN, 3, 4}, 2, 2))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("feature 1 has a value that is not finite");
        StandardScaler scaler = StandardScaler.fit(Tensor.of(new double[] {1, 2, 3, 4}, 2, 2));
        assertThatThrownBy(() -> scaler.transform(Tensor.zeros(2, 3))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("expected (rows, 2)");
    }
}
