package lemma.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import lemma.autodiff.Autodiff;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecurrenceTest {
    private static Tensor numbers(DType type, long seed, int... shape) {
        return Random.seed(seed).normal(shape).mul(0.3).to(type);
    }

    /** Hidden states (batch, time, hidden) of numbers drawn for these sizes; w is the weight. */
    private static Tensor run(Cell cell, Tensor x, Tensor w, int batch, int hidden) {
        Tensor h = numbers(x.dtype(), 3, batch, hidden);
        return switch (cell) {
            case LSTM -> Recurrence.lstm(x, w, h, numbers(x.dtype(), 4, batch, hidden), false)[0];
            case GRU -> Recurrence.gru(x, w, numbers(x.dtype(), 4, 3 * hidden), h, false);
            case RNN_TANH, RNN_RELU -> Recurrence.rnn(cell, x, w, h, false);
        };
    }

    /** The value, the gradient in x and the gradient in the weight. */
    private static List<double[]> everything(Cell cell, DType type, int batch, int time, int hidden) {
        Tensor x = numbers(type, 1, batch, time, cell.gates() * hidden);
        Tensor w = numbers(type, 2, cell.gates() * hidden, hidden);
        return List.of(run(cell, x, w, batch, hidden).toDoubles(),
                Autodiff.grad(z -> run(cell, z, w, batch, hidden).square().sum(), x).toDoubles(),
                Autodiff.grad(z -> run(cell, x, z, batch, hidden).square().sum(), w).toDoubles());
    }

    @ParameterizedTest
    @EnumSource(Cell.class)
    void loopsHaveTheSameBitsForAnyNumberOfThreads(Cell cell) {
        Supplier<List<double[]>> work = () -> everything(cell, DType.FLOAT32, 37, 5, 64);
        List<double[]> one = Threads.with(1, work);
        List<double[]> two = Threads.with(2, work);
        // the gradient of the weight is a product of BLAS, which may differ
        for (int i = 0; i < 2; i++) assertThat(two.get(i)).containsExactly(one.get(i));
    }

    @ParameterizedTest
    @EnumSource(Cell.class)
    void singlePrecisionAgreesWithDoubleForRaggedSizes(Cell cell) {
        for (int hidden : new int[] {1, 15, 16, 17, 64, 100}) {
            List<double[]> single = everything(cell, DType.FLOAT32, 7, 3, hidden);
            List<double[]> twice = everything(cell, DType.FLOAT64, 7, 3, hidden);
            for (int i = 0; i < single.size(); i++) {
                double scale = Math.max(1, Arrays.stream(twice.get(i)).map(Math::abs).max().getAsDouble());
                for (int j = 0; j < single.get(i).length; j++) assertThat(Math.abs(single.get(i)[j] - twice.get(i)[j])).as("%d hidden, part %d", hidden, i).isLessThan(1e-5 * scale);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Cell.class)
    void anEmptyBatchGivesEmptyStatesAndZeroGradients(Cell cell) {
        List<double[]> all = everything(cell, DType.FLOAT32, 0, 3, 4);
        assertThat(all.get(0)).isEmpty();
        assertThat(all.get(1)).isEmpty();
        assertThat(all.get(2)).hasSize(cell.gates() * 16).containsOnly(0);
    }

    @ParameterizedTest
    @EnumSource(Cell.class)
    void notANumberSpreadsOverItsRowAlone(Cell cell) {
        Tensor x = numbers(DType.FLOAT32, 1, 3, 2, cell.gates() * 20);
        Tensor w = numbers(DType.FLOAT32, 2, cell.gates() * 20, 20);
        Tensor odd = Tensor.concat(List.of(x.narrow(0, 0, 1), x.narrow(0, 1, 2).mul(Double.NaN), x.narrow(0, 2, 3)), 0);
        Tensor y = run(cell, odd, w, 3, 20);
        assertThat(y.get(1).toDoubles()).containsOnly(Double.NaN);
        assertThat(y.get(0).toDoubles()).containsExactly(run(cell, x, w, 3, 20).get(0).toDoubles());
    }

    @Test
    void errorsQuoteTheShapes() {
        Tensor h = Tensor.zeros(2, 3);
        assertThatThrownBy(() -> Recurrence.lstm(Tensor.zeros(2, 4, 9), Tensor.zeros(12, 3), h, h, false)).hasMessageContaining("[2, 4, 9]").hasMessageContaining("[12, 3]");
        assertThatThrownBy(() -> Recurrence.lstm(Tensor.zeros(2, 0, 12), Tensor.zeros(12, 3), h, h, false)).hasMessageContaining("[2, 0, 12]");
        assertThatThrownBy(() -> Recurrence.lstm(Tensor.zeros(2, 4, 12), Tensor.zeros(12, 3), Tensor.zeros(3, 3), h, false)).hasMessageContaining("h is [3, 3], expected [2, 3]");
        assertThatThrownBy(() -> Recurrence.lstm(Tensor.zeros(2, 4, 12), Tensor.zeros(12, 3), h, Tensor.zeros(2, 4), false)).hasMessageContaining("c is [2, 4], expected [2, 3]");
        assertThatThrownBy(() -> Recurrence.gru(Tensor.zeros(2, 4, 9), Tensor.zeros(9, 3), Tensor.zeros(3), h, false)).hasMessageContaining("bias is [3], expected [9]");
        assertThatThrownBy(() -> Recurrence.gru(Tensor.zeros(2, 4, 9), Tensor.zeros(9, 3).to(DType.FLOAT64), Tensor.zeros(9), h, false)).hasMessageContaining("FLOAT64");
        assertThatThrownBy(() -> Recurrence.rnn(Cell.GRU, Tensor.zeros(2, 4, 9), Tensor.zeros(9, 3), h, false)).hasMessageContaining("GRU");
    }
}
