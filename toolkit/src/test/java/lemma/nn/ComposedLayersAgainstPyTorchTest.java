package lemma.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import lemma.nn.DeepTransformer.Placement;
import lemma.tensor.DType;
import lemma.tensor.Functional.Bag;
import lemma.tensor.Tensor;
import org.junit.jupiter.params.provider.Arguments;

/** Layers made of others, and small ones, beside their formulas in PyTorch. */
class ComposedLayersAgainstPyTorchTest extends LayersBesidePyTorch {
    private static final FixtureFile TORCH = FixtureFile.of("composed-layers.safetensors");

    @Override
    FixtureFile torch() {
        return TORCH;
    }

    static Stream<Arguments> cases() {
        return Stream.of(small(), drawing(), positions(), recurrent(), transformers(), withState()).flatMap(s -> s);
    }

    private static Stream<Arguments> small() {
        Sequential two = Mlp.of(Activation.TANH, 3, 5, 2);
        return Stream.of(
                plain("flatten", new Flatten()), plain("last_step", new LastStep()),
                plain("glu", Glu.of()), plain("glu_axis", new Glu(1)),
                plain("prelu", PRelu.of()), plain("prelu_channels", PRelu.of(4)),
                plain("bilinear", Bilinear.of(3, 2, 4)),
                plain("bag_mean", EmbeddingBag.of(7, 3)), plain("bag_sum", EmbeddingBag.of(7, 3).withMode(Bag.SUM)), plain("bag_max", EmbeddingBag.of(7, 3).withMode(Bag.MAX)),
                plain("residual", Residual.of(Sequential.of(Linear.of(4, 4), Activation.TANH))),
                plain("sequential", two), plain("checkpointed", Checkpointed.of(two)),
                plain("over_rows", OverRows.of(Sequential.of(Linear.of(4, 5), BatchNorm1d.of(5)))),
                plain("tied", Tied.of(Mlp.of(Activation.TANH, 4, 4, 4), "2.weight", "0.weight")),
                plain("dual_clean", DualBatchNorm1d.of(4)), plain("dual_adversarial", DualBatchNorm1d.of(4).adversarial()),
                plain("temperature", AdaptiveTemperature.of(3, 5)));
    }

    /** The masks are those of the stream of seed 1; its normal numbers are the same in one type only. */
    private static Stream<Arguments> drawing() {
        GaussianNoise noise = GaussianNoise.of(0.5);
        return Stream.of(
                plain("dropout", Dropout.of(0.3)), plain("dropout1d", Dropout1d.of(0.4)), plain("dropout2d", Dropout2d.of(0.4)), plain("alpha_dropout", AlphaDropout.of(0.3)),
                of("noise", noise, (x, at) -> noise.forward(x.to(DType.FLOAT64), at).to(x.dtype())));
    }

    private static Stream<Arguments> positions() {
        RelativePositionBias relative = RelativePositionBias.of(3).withBuckets(8, 6);
        return Stream.of(
                plain("learned_positions", PositionalEmbedding.of(5, 6)), plain("sinusoidal", SinusoidalEmbedding.of(6)),
                plain("time_channel", TimeChannelEmbedding.of(4, 3, 6)), plain("time_channel_waves", SinusoidalTimeChannelEmbedding.of(8)),
                plain("alibi", Alibi.of(6)), plain("relative", relative), plain("relative_causal", relative.asCausal()));
    }

    private static Stream<Arguments> recurrent() {
        return Stream.of(
                plain("norm_lstm", LayerNormLstm.of(3, 4)), plain("norm_lstm_one", LayerNormLstm.of(2, 3)),
                plain("rnn", Rnn.of(3, 4)), plain("rnn_relu", Rnn.of(3, 4).withNonlinearity(Rnn.Nonlinearity.RELU).withLayers(2).asBidirectional()));
    }

    private static Stream<Arguments> transformers() {
        DeepTransformer deep = DeepTransformer.of(3, 6, 2).withHidden(8);
        return Stream.of(
                plain("aaren_block", AarenBlock.of(6, 2).withHidden(8)), plain("aaren_block_of_one", AarenBlock.of(4, 1)),
                plain("depth_pre", deep), plain("depth_scaled", deep.withPlacement(Placement.LAYER_NORM_SCALING)), plain("depth_post", deep.withPlacement(Placement.POST_LN)),
                plain("depth_deep", deep.withPlacement(Placement.DEEP_NORM)), plain("depth_rms", deep.withPlacement(Placement.LAYER_NORM_SCALING).withRmsNorm()),
                room("room_switch", 3, 1, 1), room("room_two", 5, 2, 0.6), room("room_one_expert", 1, 1, 0.5),
                of("hidden_rows", MultiHeadAttention.of(6, 2), (x, at) -> MultiHeadAttention.of(6, 2).forward(x, AttentionMask.of(TORCH.get("hidden_rows/mask")), at)),
                plain("translator", Seq2SeqTransformer.of(7, 6, 4, 8, 2).withLayers(2, 1)));
    }

    private static Arguments room(String name, int experts, int topK, double factor) {
        return plain(name, MixtureOfExperts.of(Mlp.of(Activation.GELU, 4, 6, 4), 4, experts, topK).withCapacity(factor));
    }

    private static Stream<Arguments> withState() {
        BatchStatisticTracker tracker = BatchStatisticTracker.of(3).withWarmup(2);
        return Stream.of(
                plain("power_norm", PowerNorm.of(3)), plain("power_norm_first", PowerNorm.of(3)), plain("power_norm_v", PowerNormV.of(3)),
                of("batch_tracker", tracker, (x, at) -> tracked(tracker, x, at)), plain("gradient_tracker", new GradientTracker()),
                plain("fading", new DeepTrainingActivation(Activation.TANH, 4)), plain("fading_relu", DeepTrainingActivation.of(4)), plain("faded", DeepTrainingActivation.of(4)),
                plain("vanilla_net", VanillaNet.of(2, 3, 2, 8, 4, 5, 6).withSeries(1).withDeepTraining(4)));
    }

    /** The batches that x holds, one after the other, then what the tracker has noted. */
    private static Tensor tracked(BatchStatisticTracker tracker, Tensor x, Bound at) {
        List<Tensor> parts = new ArrayList<>();
        for (Tensor batch : x.unbind(0)) parts.add(tracker.forward(batch, at).reshape(-1));
        parts.addAll(List.of(at.state("running_var"), at.state("sum")));
        return Tensor.concat(parts, 0);
    }
}
