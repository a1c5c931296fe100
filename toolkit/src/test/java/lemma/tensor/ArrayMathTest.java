package lemma.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrayMathTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 29})
    void agreesWithTheJdkWhateverTheLength(int n) {
        double[] x = IntStream.range(0, n).mapToDouble(i -> -700 + 48.7 * i).toArray();
        double[] exp = x.clone();
        ArrayMath.exp(exp);
        for (int i = 0; i < n; i++) assertThat(exp[i]).isCloseTo(Math.exp(x[i]), withinPercentage(1e-13));
        double[] log = Arrays.stream(x).map(v -> v * v + 1e-9).toArray();
        double[] argument = log.clone();
        ArrayMath.log(log);
        for (int i = 0; i < n; i++) assertThat(log[i]).isCloseTo(Math.log(argument[i]), withinPercentage(1e-13));
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0, -1})
    void edgesAreThoseOfTheJdk(double edge) {
        double[] exp = {edge};
        double[] log = {edge};
        ArrayMath.exp(exp);
        ArrayMath.log(log);
        assertThat(exp[0]).isEqualTo(Double.valueOf(Math.exp(edge)));
        assertThat(log[0]).isEqualTo(Double.valueOf(Math.log(edge)));
    }
}
