package lemma.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ModelSizeSearchTest {
    private static final double[] DATA = {1000, 2000, 4000, 8000, 16000};
    private static final double[] MODELS = IntStream.range(0, 60).mapToDouble(j -> 10 * Math.pow(2, j / 6.0)).toArray();

    /** For each m the loss is least at the model size {@code 0.5 m^0.7} and rises as the square of the log distance. */
    private static double[][] bowl(double factor) {
        double[][] error = new double[DATA.length][MODELS.length];
        for (int i = 0; i < DATA.length; i++) {
            for (int j = 0; j < MODELS.length; j++) {
                double distance = Math.log(MODELS[j] / (0.5 * factor * Math.pow(DATA[i], 0.7)));
                error[i][j] = 2 * (1 + 0.1 * distance * distance);
            }
        }
        return error;
    }

    @Test
    void recoversAPlantedExponentOnAFineGrid() {
        ModelSizeSearch search = ModelSizeSearch.of(DATA, MODELS, new double[][][] {bowl(1), bowl(1.3)}, 0.01);
        assertThat(search.fit().beta()).isCloseTo(0.7, within(0.03)); // the grid steps by 12 %, the data by 16 times
        assertThat(search.m()).hasSize(10);
        assertThat(search.toString().lines().skip(1).findFirst().orElseThrow().strip().split(" +")).as("m and the size of each seed").hasSize(3);
        assertThat(search.atLargest()).isZero();
        assertThat(search.fit().interval("beta", 0.99).contains(0.7)).isTrue();
    }

    @Test
    void takesTheSmallestModelWithinTheTolerance() {
        double[][] error = {{2.05, 2.02, 2, 2.5}, {3, 2.5, 2.02, 2}, {3, 2.8, 2.5, 2}};
        ModelSizeSearch search = ModelSizeSearch.of(new double[] {1, 2, 4}, new double[] {10, 20, 40, 80}, error, 0.01);
        assertThat(search.size()).containsExactly(20, 40, 80);
        assertThat(search.atLargest()).isEqualTo(2);
        assertThat(search.toString()).contains("the largest model tried is the best at 2 of 3 points");
    }

    @Test
    void refusesShapesThatDoNotFit() {
        double[] three = {1, 2, 4};
        assertThatThrownBy(() -> ModelSizeSearch.of(three, new double[] {2, 1}, new double[3][2], 0.01)).hasMessageContaining("do not ascend");
        assertThatThrownBy(() -> ModelSizeSearch.of(three, new double[] {1, 2}, new double[2][2], 0.01)).hasMessageContaining("errors for 2 data sizes, expected 3");
        assertThatThrownBy(() -> ModelSizeSearch.of(three, new double[] {1, 2}, new double[3][1], 0.01)).hasMessageContaining("1 errors at m = 1.0 (seed 0), expected one for each of 2");
        assertThatThrownBy(() -> ModelSizeSearch.of(three, new double[] {1, 2}, new double[3][2], 0.01)).hasMessageContaining("error 0.0 at m = 1.0");
        assertThatThrownBy(() -> ModelSizeSearch.of(three, new double[] {1, 2}, new double[3][2], -1)).hasMessageContaining("tolerance is -1.0");
    }
}
