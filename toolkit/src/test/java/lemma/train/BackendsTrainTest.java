package lemma.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import lemma.loss.Losses;
import lemma.nn.Activation;
import lemma.nn.BatchNorm2d;
import lemma.nn.Conv2d;
import lemma.nn.Dropout;
import lemma.nn.Embedding;
import lemma.nn.Flatten;
import lemma.nn.Gru;
import lemma.nn.LastStep;
import lemma.nn.LayerNorm;
import lemma.nn.Linear;
import lemma.nn.Lstm;
import lemma.nn.MaxPool2d;
import lemma.nn.Model;
import lemma.nn.Module;
import lemma.nn.PositionalEmbedding;
import lemma.nn.Sequential;
import lemma.nn.TransformerBlock;
import lemma.optim.Adam;
import lemma.tensor.Backend;
import lemma.tensor.CpuBackend;
import lemma.tensor.DType;
import lemma.tensor.Functional;
import lemma.tensor.Nd4jBackend;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The same models, data and seeds trained on each backend: only the line that moves them differs. */
class BackendsTrainTest {
    static Stream<Arguments> models() {
        Tensor tokens = Random.seed(1).integers(0, 11, 24, 5);
        Tensor steps = Random.seed(1).normal(24, 5, 3);
        return Stream.of(
                Arguments.of("MLP", Sequential.of(Linear.of(6, 8), Activation.GELU, new Dropout(0.2), Linear.of(8, 3)), Random.seed(1).normal(24, 6)),
                Arguments.of("CNN", Sequential.of(Conv2d.of(2, 4, 3).withPadding(1), BatchNorm2d.of(4), Activation.RELU, MaxPool2d.of(2), new Flatten(), Linear.of(36, 3)), Random.seed(1).normal(24, 2, 6, 6)),
                Arguments.of("transformer", Sequential.of(Embedding.of(11, 8), PositionalEmbedding.of(5, 8), TransformerBlock.of(8, 2).asCausal(), LayerNorm.of(8), new LastStep(), Linear.of(8, 3)), tokens),
                Arguments.of("LSTM", Sequential.of(Lstm.of(3, 4), new LastStep(), Linear.of(4, 3)), steps),
                Arguments.of("GRU", Sequential.of(Gru.of(3, 4), new LastStep(), Linear.of(4, 3)), steps));
    }

    private static double[] losses(Module module, Tensor inputs, Backend backend) {
        Tensor x = (inputs.dtype().isFloat() ? inputs.to(DType.FLOAT64) : inputs).to(backend);
        Tensor labels = Random.seed(2).integers(0, 3, 24).to(backend);
        Model net = module.init(Random.seed(3)).map(t -> t.to(DType.FLOAT64).to(backend));
        History h = Trainer.of(net, Adam.of(1e-2)).loss(Losses::crossEntropy).epochs(3).batchSize(8).quiet().fit(x, labels);
        assertThat(h.model().tensors()).allSatisfy(t -> assertThat(t.backend()).isSameAs(backend));
        return h.losses();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("models")
    void lossesAreTheSameOnBoth(String name, Module module, Tensor x) {
        double[] cpu = losses(module, x, CpuBackend.INSTANCE);
        double[] nd4j = losses(module, x, Nd4jBackend.INSTANCE);
        assertThat(cpu).hasSize(9);
        assertThat(nd4j).containsExactly(cpu, within(1e-9));
    }

    @Test
    void tensorsOfTwoBackendsInOneOperationAreAnErrorThatSaysWhatToDo() {
        Tensor here = Tensor.ones(3, 3);
        Tensor labels = Tensor.of(new long[] {0, 1, 2}).to(Nd4jBackend.INSTANCE);
        for (ThrowingCallable mixed : List.<ThrowingCallable>of(() -> Functional.crossEntropy(here, labels), () -> here.indexSelect(0, labels), () -> Functional.embedding(labels, here))) {
            assertThatThrownBy(mixed).isInstanceOf(IllegalArgumentException.class).hasMessage("the tensor FLOAT32 [3, 3] lives in the backend cpu, INT64 [3] in nd4j; move one with to(Backend)");
        }
    }
}
