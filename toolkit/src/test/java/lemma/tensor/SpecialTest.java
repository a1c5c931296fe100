package lemma.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.google.gson.Gson;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lemma.autodiff.Autodiff;
import lemma.autodiff.GradCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Special functions over wide ranges beside numbers computed with 60 digits (special_values.py). */
class SpecialTest {
    /** Functions with zeros away from simple points: the error counts against the size of the function around. */
    private static final Set<SpecialFunction> WITH_ZEROS = Set.of(SpecialFunction.J0, SpecialFunction.J1);
    private static final Map<SpecialFunction, List<double[]>> VALUES = read();

    private record File(Map<SpecialFunction, List<List<String>>> functions) {}

    private static Map<SpecialFunction, List<double[]>> read() {
        try (var in = new InputStreamReader(SpecialTest.class.getResourceAsStream("special-values.json"), StandardCharsets.UTF_8)) {
            Map<SpecialFunction, List<double[]>> all = new EnumMap<>(SpecialFunction.class);
            new Gson().fromJson(in, File.class).functions().forEach((f, rows) ->
                    all.put(f, rows.stream().map(r -> r.stream().mapToDouble(SpecialTest::number).toArray()).toList()));
            return all;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static double number(String s) {
        return s.equals("inf") ? Double.POSITIVE_INFINITY : s.equals("-inf") ? Double.NEGATIVE_INFINITY : Double.parseDouble(s);
    }

    private static Tensor compute(SpecialFunction f, DType type, List<double[]> rows) {
        Tensor[] x = new Tensor[f.arguments()];
        for (int k = 0; k < x.length; k++) {
            int argument = k;
            x[k] = Tensor.of(rows.stream().mapToDouble(r -> r[argument]).toArray()).to(type);
        }
        return CpuBackend.INSTANCE.special(f, x[0].shape(), x);
    }

    @ParameterizedTest
    @EnumSource
    void valuesHaveThirteenDigits(SpecialFunction f) {
        List<double[]> rows = VALUES.get(f);
        double[] ours = compute(f, DType.FLOAT64, rows).toDoubles();
        for (int i = 0; i < ours.length; i++) {
            double[] row = rows.get(i);
            double exact = row[row.length - 1];
            double size = WITH_ZEROS.contains(f) ? Math.max(Math.abs(exact), Math.min(Math.abs(row[0]), 0.5 / Math.sqrt(Math.abs(row[0])))) : Math.abs(exact);
            boolean close = ours[i] == exact || Math.abs(ours[i] - exact) <= 1e-13 * size + 1e-307;
            if (!close) fail("%s%s is %s, expected %s, relative error %.2g", f, Arrays.toString(Arrays.copyOf(row, row.length - 1)), ours[i], exact, Math.abs(ours[i] - exact) / size);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theBitsDoNotDependOnTheNumberOfThreads(SpecialFunction f) {
        Tensor[] x = new Tensor[f.arguments()];
        for (int k = 0; k < x.length; k++) x[k] = Random.seed(k).uniform(Shape.of(5003), DType.FLOAT64).add(f == SpecialFunction.POLYGAMMA && k == 0 ? 2 : 0.01);
        double[] one = Threads.with(1, () -> CpuBackend.INSTANCE.special(f, x[0].shape(), x)).toDoubles();
        for (int threads : new int[] {2, 4}) assertThat(Threads.with(threads, () -> CpuBackend.INSTANCE.special(f, x[0].shape(), x)).toDoubles()).isEqualTo(one);
    }

    @Test
    void derivativesThatPyTorchLacksAgreeWithFiniteDifferences() {
        Tensor x = Tensor.of(new double[] {0.2, 0.45, 0.8});
        Tensor a = Tensor.of(new double[] {0.7, 2.5, 12}, 3, 1);
        Tensor b = Tensor.of(new double[] {1.5, 0.4, 3.0});
        GradCheck.ofAll(v -> Special.betainc(a, b, v.getFirst())).withOrder(2).check(x).assertOk();
        GradCheck.ofAll(v -> Special.zeta(a.add(1), v.getFirst())).withOrder(2).check(b).assertOk();
        GradCheck.ofAll(v -> Special.besselJ0(v.getFirst().mul(5))).withOrder(2).check(x).assertOk();
        GradCheck.ofAll(v -> Special.besselJ1(v.getFirst().mul(5))).withOrder(2).check(x).assertOk();
        GradCheck.ofAll(v -> Special.gamma(v.getFirst().sub(1))).withOrder(2).check(x).assertOk();
    }

    @Test
    void besselFunctionsOfOrderOneHaveSlopeOneHalfAtZero() {
        Tensor zero = Tensor.of(new double[] {0});
        assertThat(Autodiff.grad(x -> Special.i1(x).sum(), zero).item()).isEqualTo(0.5);
        assertThat(Autodiff.grad(x -> Special.i1e(x).sum(), zero).item()).isEqualTo(0.5);
        assertThat(Autodiff.grad(x -> Special.besselJ1(x).sum(), zero).item()).isEqualTo(0.5);
    }

    @Test
    void edgesOfTheIncompleteBetaFunction() {
        double[][] rows = {{0, 2, 0.5}, {2, 0, 0.5}, {2, 3, 0}, {2, 3, 1}, {-1, 2, 0.5}, {1, 2, 1.5}, {1, 2, Double.NaN}};
        double[] ours = compute(SpecialFunction.BETAINC, DType.FLOAT64, List.of(rows)).toDoubles();
        assertThat(ours).containsExactly(1, 0, 0, 1, Double.NaN, Double.NaN, Double.NaN);
    }

    @Test
    void argumentsBroadcastAndEmptyTensorsStayEmpty() {
        assertThat(Special.gammainc(Tensor.ones(2, 1), Tensor.ones(3)).shape()).isEqualTo(Shape.of(2, 3));
        assertThat(Special.betainc(Tensor.ones(2, 1), Tensor.ones(3), Tensor.zeros(0, 1, 1)).shape()).isEqualTo(Shape.of(0, 2, 3));
        assertThat(Special.gammaln(Tensor.zeros(2, 0)).shape()).isEqualTo(Shape.of(2, 0));
        assertThat(Special.zeta(Tensor.full(Shape.of(2), DType.FLOAT64, 2), Tensor.ones(2)).dtype()).isEqualTo(DType.FLOAT64);
        Tensor strided = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 3, 2).t().narrow(1, 0, 2);
        assertThat(Special.gamma(strided).toDoubles()).containsExactly(1, 2, 1, 6);
    }

    @Test
    void whatHasNoDerivativeSaysSo() {
        Tensor one = Tensor.ones(2);
        assertThatThrownBy(() -> Autodiff.grad(a -> Special.gammainc(a, one).sum(), one)).hasMessageContaining("gammainc").hasMessageContaining("derivative in a");
        assertThatThrownBy(() -> Autodiff.grad(a -> Special.betainc(one, a, one.mul(0.5)).sum(), one)).hasMessageContaining("derivative in b");
        assertThatThrownBy(() -> Special.polygamma(-1, one)).hasMessageContaining("-1");
        assertThatThrownBy(() -> Special.erfc(Tensor.arange(3))).hasMessageContaining("INT64");
        assertThatThrownBy(() -> Special.betaln(Tensor.ones(2), Tensor.ones(3))).hasMessageContaining("[2]").hasMessageContaining("[3]");
    }
}
