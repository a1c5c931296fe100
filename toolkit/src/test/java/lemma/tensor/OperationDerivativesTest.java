package lemma.tensor;

import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.Stream;
import lemma.autodiff.GradCheck;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** First and second derivatives of every operation against finite differences. */
class OperationDerivativesTest {
    static Stream<TorchCases.Case> smooth() {
        return TorchCases.all().stream().filter(c -> c.grads() != null && c.smooth());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("smooth")
    void agreeWithFiniteDifferences(TorchCases.Case c) {
        Tensor[] inputs = c.tensors(DType.FLOAT64, CpuBackend.INSTANCE);
        GradCheck.ofAll(floats -> {
            Iterator<Tensor> next = floats.iterator();
            return c.op().apply(Arrays.stream(inputs).map(x -> x.dtype().isFloat() ? next.next() : x).toArray(Tensor[]::new));
        }).withOrder(2).check(Arrays.stream(inputs).filter(x -> x.dtype().isFloat()).toArray(Tensor[]::new)).assertOk();
    }
}
