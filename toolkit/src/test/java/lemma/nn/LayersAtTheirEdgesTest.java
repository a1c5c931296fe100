package lemma.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import lemma.autodiff.Autodiff;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.api.Test;

/** Sequences of one step, empty batches, one head, one expert, images smaller than a kernel: numbers without a hole, or an error that quotes the shape. */
class LayersAtTheirEdgesTest {
    private static final int DIM = 8;

    /** Layers of (batch, time, 8). */
    static Stream<Module> ofSequences() {
        MultiHeadAttention one = MultiHeadAttention.of(DIM, 1).asCausal();
        List<KanBasis> pool = List.of(ChebyshevBasis.of(3));
        return Stream.of(
                one, MultiHeadAttention.of(DIM, 4).withKvHeads(1).withRotary().asCausal(), one.withBias(Alibi.of(1)), MultiHeadAttention.of(DIM, 2).withBias(RelativePositionBias.of(2)),
                TransformerBlock.of(DIM, 1), TransformerEncoder.of(TransformerEncoderLayer.of(DIM, 2), 1), DeepTransformer.of(1, DIM, 1), Aaren.of(DIM, 1), AarenBlock.of(DIM, 2),
                MixtureOfExperts.of(SwiGlu.of(DIM, 1), DIM, 1, 1), MixtureOfExperts.of(SwiGlu.of(DIM, 4), DIM, 3, 2).withCapacity(0.5), SwiGlu.of(DIM, 1),
                SinusoidalEmbedding.of(DIM), PositionalEmbedding.of(3, DIM), LayerNorm.of(DIM), RMSNorm.of(DIM), PointerAttention.of(DIM), CRRelu.of(), WeightNorm.of(Linear.of(DIM, 1)),
                KanLinear.of(DIM, 1, BSplineBasis.of(1, 1)), KanLinear.of(DIM, 1, FourierBasis.of(1)), KanLinear.of(DIM, 1, WaveletBasis.of(1)), SelectableKanLinear.of(DIM, 1, pool));
    }

    /** Layers that read step by step. */
    static Stream<Module> recurrent() {
        return Stream.of(Lstm.of(DIM, 1), Gru.of(DIM, 1), Rnn.of(DIM, 1), LayerNormLstm.of(DIM, 1), PointerNetwork.of(DIM, 1), ContentAttentionSeq2Seq.of(DIM, 1, 3));
    }

    @ParameterizedTest
    @MethodSource({"ofSequences", "recurrent"})
    void oneStepAndAnEmptyBatchHaveFiniteOutputsAndGradients(Module layer) {
        Model net = layer.init(Random.seed(1));
        for (Shape shape : List.of(Shape.of(2, 1, DIM), Shape.of(1, 1, DIM), Shape.of(0, 3, DIM))) {
            Tensor x = Random.seed(2).normal(shape, DType.FLOAT32);
            for (boolean training : new boolean[] {false, true}) {
                Tensor y = net.apply(x, pass(training));
                assertThat(y.dim(0)).isEqualTo(x.dim(0));
                assertThat(isFinite(y)).isTrue();
                assertThat(isFinite(Autodiff.grad(z -> net.apply(z, pass(training)).sum(), x))).isTrue();
                if (net.params().names().isEmpty()) continue;
                Params g = Autodiff.grad((Params p) -> net.with(p).apply(x, pass(training)).sum(), net.params());
                assertThat(g.tensors()).allMatch(LayersAtTheirEdgesTest::isFinite);
            }
        }
    }

    private static Pass pass(boolean training) {
        return training ? Pass.train(Random.seed(1)) : Pass.eval();
    }

    private static boolean isFinite(Tensor t) {
        return t.size() == 0 || t.isFinite().all().item() == 1;
    }

    @ParameterizedTest
    @MethodSource("ofSequences")
    void noStepsGiveNoOutputs(Module layer) {
        assertThat(layer.init(Random.seed(1)).apply(Tensor.zeros(2, 0, DIM)).size()).isZero();
    }

    @ParameterizedTest
    @MethodSource("recurrent")
    void aRecurrentLayerNeedsAStep(Module layer) {
        Model net = layer.init(Random.seed(1));
        assertThatThrownBy(() -> net.apply(Tensor.zeros(2, 0, DIM))).isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll("[2, 0, 8]", "at least one");
    }

    static Stream<Module> ofBatchStatistics() {
        return Stream.of(PowerNorm.of(3), PowerNormV.of(3), BatchStatisticTracker.of(3), OverRows.of(BatchNorm1d.of(3)));
    }

    @ParameterizedTest
    @MethodSource("ofBatchStatistics")
    void statisticsOfNoRowsAreRefusedInTrainingAlone(Module layer) {
        Model net = layer.init(Random.seed(1));
        Tensor none = Tensor.zeros(0, 3);
        assertThat(net.apply(none).shape()).isEqualTo(none.shape());
        assertThatThrownBy(() -> net.apply(none, pass(true))).isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll("[0, 3]", "training needs");
    }

    @Test
    void aKernelWithStrideThatIsLargerThanTheImageIsAnError() {
        Model conv = Conv2d.of(1, 1, 3).withStride(4).init(Random.seed(1));
        assertThat(conv.apply(Tensor.ones(1, 1, 3, 3)).shape()).isEqualTo(Shape.of(1, 1, 1, 1));
        assertThatThrownBy(() -> conv.apply(Tensor.ones(1, 1, 2, 3))).isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll("[1, 1, 3, 3]", "[1, 1, 2, 3]", "does not fit");
        Model kan = KanConv2d.of(1, 1, 3, RbfBasis.of(3)).withStride(4).init(Random.seed(1));
        assertThatThrownBy(() -> kan.apply(Tensor.ones(1, 1, 2, 3))).isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll("3 x 3", "2 x 3");
        Model line = Conv1d.of(1, 1, 3).withStride(4).init(Random.seed(1));
        assertThatThrownBy(() -> line.apply(Tensor.ones(1, 1, 2))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("does not fit");
    }

    @Test
    void settingsThatNoTransformerHasAreRefusedAtOnce() {
        assertThatThrownBy(() -> TransformerEncoderLayer.of(7, 2)).hasMessageContainingAll("TransformerEncoderLayer", "heads 2", "dim 7");
        assertThatThrownBy(() -> TransformerDecoderLayer.of(8, 0)).hasMessageContainingAll("TransformerDecoderLayer", "heads 0");
        assertThatThrownBy(() -> TransformerBlock.of(8, 2).withHidden(0)).hasMessageContainingAll("TransformerBlock", "hidden is 0");
        assertThatThrownBy(() -> TransformerBlock.of(8, 2).withDropout(1)).hasMessageContaining("dropout is 1.0");
        assertThatThrownBy(() -> AarenBlock.of(8, 3)).hasMessageContainingAll("AarenBlock", "heads 3", "dim 8");
        assertThatThrownBy(() -> PositionalEmbedding.of(0, 8)).hasMessageContaining("positions 0");
    }

    @Test
    void aVocabularyOfOneTokenHasOneContinuation() {
        Model lm = TinyLM.of(1, 4, 8, 1).init(Random.seed(1));
        Tensor prompt = Tensor.zeros(2, 1).to(DType.INT64);
        assertThat(TinyLM.generate(lm, prompt, 3, Sampling.of(1).withTopK(1).withTopP(0.5), Random.seed(1)).toLongs()).containsOnly(0L);
        assertThat(TinyLM.perplexity(lm, Tensor.zeros(2, 3).to(DType.INT64))).isEqualTo(1);
        assertThat(TinyLM.generate(lm, prompt.narrow(0, 0, 0), 2, Sampling.of(1), Random.seed(1)).shape()).isEqualTo(Shape.of(0, 3));
        assertThat(TinyLM.generate(lm, prompt, 0, Sampling.greedy(), Random.seed(1)).shape()).isEqualTo(prompt.shape());
    }

    @Test
    void fullExpertsLeaveTheRest() {
        MixtureOfExperts layer = MixtureOfExperts.of(Linear.of(2, 2), 2, 2, 1);
        Model net = layer.init(Random.seed(1));
        Tensor same = Tensor.ones(6, 2); // all choose one expert, which has room for three
        Tensor all = net.apply(same);
        Tensor some = new Model(layer.withCapacity(1), net.params(), net.state()).apply(same);
        assertThat(some.narrow(0, 0, 3).toFloats()).containsExactly(all.narrow(0, 0, 3).toFloats());
        assertThat(some.narrow(0, 3, 6).toFloats()).containsOnly(0f);
        assertThat(new Model(layer.withCapacity(2), net.params(), net.state()).apply(same).toFloats()).containsExactly(all.toFloats());
    }
}
