package lemma.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lemma.autodiff.Autodiff;
import lemma.data.Npy;
import lemma.data.NpyRows;
import lemma.nn.Activation;
import lemma.nn.Bound;
import lemma.nn.Linear;
import lemma.nn.Mlp;
import lemma.nn.Model;
import lemma.nn.Module;
import lemma.nn.Params;
import lemma.nn.Sequential;
import lemma.nn.TransformerEncoder;
import lemma.nn.TransformerEncoderLayer;
import lemma.optim.Sgd;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import lemma.train.Trainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureTest {
    private static final Model NET = Mlp.of(Activation.TANH, 5, 7, 6, 3).init(Random.seed(1));
    private static final Tensor X = Random.seed(2).normal(20, 5);

    private static Tensor linear(int layer, Tensor x) {
        return x.matmul(NET.params().get(layer + ".weight").t()).add(NET.params().get(layer + ".bias"));
    }

    @Test
    void activationsAreThoseOfTheLayersInTurn() {
        Map<String, Tensor> seen = Capture.of(NET).activations(X);
        assertThat(seen.keySet()).containsExactly("0", "1", "2", "3", "4");
        assertThat(seen.get("1").toDoubles()).containsExactly(linear(0, X).tanh().toDoubles(), within(1e-6));
        assertThat(seen.get("2").toDoubles()).containsExactly(linear(2, linear(0, X).tanh()).toDoubles(), within(1e-6));
        assertThat(seen.get("4").toDoubles()).containsExactly(NET.apply(X).toDoubles());
    }

    @Test
    void batchesDoNotChangeWhatIsSeen() {
        Tensor whole = Capture.of(NET).withLayers("3").activations(X).get("3");
        Tensor parts = Capture.of(NET).withLayers("3").withBatch(6).activations(X).get("3");
        assertThat(parts.toDoubles()).containsExactly(whole.toDoubles(), within(1e-6));
    }

    @Test
    void aSubsetOfRowsIsDrawn() {
        Capture capture = Capture.of(NET).withLayers("1").withRows(8, 3);
        int[] used = capture.used(20).toInts();
        assertThat(used).hasSize(8).isSorted().doesNotHaveDuplicates();
        Tensor expected = Capture.of(NET).activations(X).get("1").indexSelect(0, Tensor.of(used));
        assertThat(capture.activations(X).get("1").toDoubles()).containsExactly(expected.toDoubles(), within(1e-6));
    }

    @Test
    void whatIsWrittenToDiskIsWhatMemoryWouldHold(@TempDir Path folder) {
        Capture capture = Capture.of(NET).withLayers("1", "3").withRows(17, 3).withBatch(5);
        Map<String, NpyRows> files = capture.activationsTo(folder, X);
        capture.activations(X).forEach((path, seen) -> {
            assertThat(Npy.read(folder.resolve(path + ".npy")).toDoubles()).containsExactly(seen.toDoubles());
            assertThat(files.get(path).rows(4, 9).toDoubles()).containsExactly(seen.narrow(0, 4, 9).toDoubles());
        });
        assertThat(files).containsOnlyKeys("1", "3");
    }

    @Test
    void aFailureLeavesNoFileBehind(@TempDir Path folder) {
        Module fullBatchesOnly = new Module() {
            @Override
            public Params params(Random random) {
                return Params.EMPTY;
            }

            @Override
            public Tensor forward(Tensor x, Bound at) {
                if (x.dim(0) < 8) throw new IllegalStateException("a batch of " + x.dim(0));
                return x;
            }
        };
        Model failing = Sequential.of(Linear.of(5, 4), fullBatchesOnly).init(Random.seed(1));
        assertThatThrownBy(() -> Capture.of(failing).withBatch(8).activationsTo(folder, X)).isInstanceOf(IllegalStateException.class).hasMessage("a batch of 4");
        assertThatThrownBy(() -> Capture.of(NET).withLayers("9").activationsTo(folder, X)).hasMessageContaining("[0, 1, 2, 3, 4]");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void activationsAreCapturedWhileAModelIsTrained() {
        Map<Long, Tensor> seen = new LinkedHashMap<>();
        Tensor y = X.narrow(1, 0, 3);
        Model trained = Trainer.of(NET, Sgd.of(0.1)).loss((p, t) -> p.sub(t).square().mean()).batchSize(10).steps(5).quiet()
                .watch(2, (step, model) -> seen.put(step, Capture.of(model).withLayers("1").activations(X).get("1").keep())).fit(X, y).model();
        assertThat(seen).containsOnlyKeys(0L, 2L, 4L, 5L);
        assertThat(seen.get(0L).toDoubles()).containsExactly(Capture.of(NET).activations(X).get("1").toDoubles());
        assertThat(seen.get(5L).toDoubles()).containsExactly(Capture.of(trained).activations(X).get("1").toDoubles());
        assertThat(seen.get(2L).toDoubles()).isNotEqualTo(seen.get(0L).toDoubles());
    }

    @Test
    void gradientsAreThoseOfTheRestOfTheNet() {
        Map<String, Tensor> seen = Capture.of(NET).withLayers("1", "4").withBatch(7).gradients(X, y -> y.square().sum());
        assertThat(seen.get("4").toDoubles()).containsExactly(NET.apply(X).mul(2).toDoubles(), within(1e-5));
        Tensor hidden = Capture.of(NET).activations(X).get("1");
        Tensor expected = Autodiff.grad((Tensor h) -> linear(4, linear(2, h).tanh()).square().sum(), hidden);
        assertThat(seen.get("1").toDoubles()).containsExactly(expected.toDoubles(), within(1e-5));
    }

    @Test
    void nestedLayersAndTransformersHavePaths() {
        Model nested = Sequential.of(Linear.of(5, 4), Mlp.of(Activation.RELU, 4, 3, 2)).init(Random.seed(3));
        assertThat(Capture.of(nested).paths(X)).containsExactly("0", "1.0", "1.1", "1.2", "1");
        Model transformer = TransformerEncoder.of(TransformerEncoderLayer.of(8, 2), 2).init(Random.seed(4));
        Tensor tokens = Random.seed(5).normal(4, 3, 8);
        assertThat(Capture.of(transformer).activations(tokens)).containsOnlyKeys("layers.0", "layers.1");
        assertThat(Capture.of(transformer).activations(tokens).get("layers.1").toDoubles()).containsExactly(transformer.apply(tokens).toDoubles(), within(1e-5));
    }

    @Test
    void aLayerThatIsNotThereIsNamedBesideThoseThatAre() {
        assertThatThrownBy(() -> Capture.of(NET).withLayers("9").activations(X)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("[9]").hasMessageContaining("[0, 1, 2, 3, 4]");
        assertThatThrownBy(() -> Capture.of(Linear.of(5, 2).init(Random.seed(1))).activations(X)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("the model runs []");
        assertThatThrownBy(() -> Capture.of(NET).activations(X.narrow(0, 0, 0))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("at least one example");
        assertThatThrownBy(() -> Capture.of(NET).withBatch(0)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("batch 0");
    }
}
