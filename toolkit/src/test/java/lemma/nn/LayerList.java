package lemma.nn;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import lemma.tensor.Random;
import org.junit.jupiter.params.provider.Arguments;

/** What {@link LayersPage} cannot read from the classes and the fixtures. */
final class LayerList {
    private LayerList() {}

    /** Fixtures of PyTorch with the modules that are compared with them, in such a pass: a name, a module and, where it is not {@link Module#forward}, what is applied. */
    record Suite(FixtureFile file, Supplier<Pass> pass, Stream<Arguments> cases) {}

    private static Suite training(String file, Stream<Arguments> cases) {
        return new Suite(FixtureFile.of(file + ".safetensors"), () -> Pass.train(Random.seed(1)), cases);
    }

    private static Suite evaluation(String file, Stream<Arguments> cases) {
        return new Suite(FixtureFile.of(file + ".safetensors"), Pass::eval, cases);
    }

    static List<Suite> suites() {
        return List.of(
                training("layers", LayersAgainstPyTorchTest.layers()),
                training("image-layers", ImageLayersAgainstPyTorchTest.layers()),
                training("transformer", TransformersAgainstPyTorchTest.cases()),
                training("language", LanguagePartsAgainstPyTorchTest.cases()),
                training("tiny-models", TinyModelsTest.cases()),
                evaluation("kan", KanTest.layers()),
                evaluation("pointer", PointerNetworkTest.cases()),
                training("composed-layers", ComposedLayersAgainstPyTorchTest.cases()),
                evaluation("image-attention", ImageAttentionTest.blocks()),
                evaluation("vanillanet", Stream.of(Arguments.of("series", SeriesActivation.of(3).withReach(1).withShift()), Arguments.of("series_wide", SeriesActivation.of(2).withReach(3).withShift()))),
                evaluation("prefix-attention", Stream.of(Arguments.of("aaren_of_one", Aaren.of(width("aaren_of_one"), 1)), Arguments.of("aaren", Aaren.of(width("aaren"), 2)))),
                evaluation("multivariate-attention", Stream.of(Arguments.of("whole", MultiVariateParallelAttention.of(8, 2)), Arguments.of("window", MultiVariateParallelAttention.of(8, 2).withWindow(1)))));
    }

    private static int width(String name) {
        return FixtureFile.of("prefix-attention.safetensors").get(name + "/x").dim(-1);
    }

    /** PyTorch's name where it is another than ours; the same name in torch.nn needs no entry. */
    static final Map<String, String> PYTORCH = Map.ofEntries(
            Map.entry("Checkpointed", "torch.utils.checkpoint.checkpoint"),
            Map.entry("Glu", "nn.GLU"),
            Map.entry("Gru", "nn.GRU"),
            Map.entry("Lstm", "nn.LSTM"),
            Map.entry("MultiHeadAttention", "nn.MultiheadAttention; F.scaled_dot_product_attention(enable_gqa=True)"),
            Map.entry("PRelu", "nn.PReLU"),
            Map.entry("Pad", "nn.ConstantPad2d, nn.ReflectionPad2d, nn.ReplicationPad2d, nn.CircularPad2d and their kind"),
            Map.entry("Parametrized", "nn.utils.parametrize.register_parametrization; nn.utils.parametrizations.weight_norm, spectral_norm"),
            Map.entry("Rnn", "nn.RNN"),
            Map.entry("Seq2SeqTransformer", "nn.Transformer with embeddings and a head"),
            Map.entry("TransformerBlock", "nn.TransformerEncoderLayer(norm_first=True, activation=\"gelu\")"));

    /** Names that torch.nn has too. */
    static final List<String> SAME = List.of("AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "AlphaDropout", "AvgPool1d", "AvgPool2d", "BatchNorm1d", "BatchNorm2d", "Bilinear", "Conv1d",
            "Conv2d", "ConvTranspose1d", "ConvTranspose2d", "Dropout", "Dropout1d", "Dropout2d", "Embedding", "EmbeddingBag", "Flatten", "GroupNorm", "InstanceNorm1d", "InstanceNorm2d",
            "LayerNorm", "Linear", "MaxPool1d", "MaxPool2d", "PixelShuffle", "PixelUnshuffle", "RMSNorm", "Sequential", "TransformerDecoder", "TransformerDecoderLayer",
            "TransformerEncoder", "TransformerEncoderLayer", "Upsample");

    /** PyTorch's names of the constants of {@link Activation}. */
    static final Map<String, String> ACTIVATIONS = Map.ofEntries(
            Map.entry("RELU", "nn.ReLU"), Map.entry("GELU", "nn.GELU"), Map.entry("GELU_TANH", "nn.GELU(approximate=\"tanh\")"), Map.entry("SILU", "nn.SiLU"),
            Map.entry("TANH", "nn.Tanh"), Map.entry("SIGMOID", "nn.Sigmoid"), Map.entry("SOFTPLUS", "nn.Softplus"), Map.entry("ERF", "torch.erf"), Map.entry("SIN", "torch.sin"),
            Map.entry("LEAKY_RELU", "nn.LeakyReLU"), Map.entry("ELU", "nn.ELU"), Map.entry("SELU", "nn.SELU"), Map.entry("CELU", "nn.CELU"), Map.entry("RELU6", "nn.ReLU6"),
            Map.entry("MISH", "nn.Mish"), Map.entry("HARDSWISH", "nn.Hardswish"), Map.entry("HARDSIGMOID", "nn.Hardsigmoid"), Map.entry("HARDTANH", "nn.Hardtanh"),
            Map.entry("SOFTSIGN", "nn.Softsign"), Map.entry("LOG_SIGMOID", "nn.LogSigmoid"), Map.entry("TANHSHRINK", "nn.Tanhshrink"), Map.entry("SOFTSHRINK", "nn.Softshrink"),
            Map.entry("HARDSHRINK", "nn.Hardshrink"), Map.entry("IDENTITY", "nn.Identity"));

    /** What a layer is checked against beside its fixtures, with the test that holds it in parentheses. */
    static final Map<String, String> ORACLES = Map.ofEntries(
            Map.entry("Alibi", "also within those of MultiHeadAttention; slopes of the authors' recursion to 1e-15 (LanguagePartsAgainstPyTorchTest)"),
            Map.entry("AlphaDropout", "also mean, variance and share of elements dropped (SmallLayersTest)"),
            Map.entry("Checkpointed", "also the same bits as without it (CheckpointedTest)"),
            Map.entry("Dropout", "also mean and share of elements dropped (LayersAgainstPyTorchTest)"),
            Map.entry("Dropout1d", "also channels dropped as a whole (SmallLayersTest)"),
            Map.entry("Dropout2d", "also channels dropped as a whole (SmallLayersTest)"),
            Map.entry("DualBatchNorm1d", "also six training steps in PyTorch to 1e-9 (LargeBatchTest)"),
            Map.entry("GaussianNoise", "also mean and deviation of the noise (SmallLayersTest)"),
            Map.entry("PositionalEmbedding", "also within those of TinyLM and TinyViT; its room and its cache (TransformersAgainstPyTorchTest)"),
            Map.entry("RelativePositionBias", "also within those of MultiHeadAttention; buckets of T5's formula, equal (LanguagePartsAgainstPyTorchTest)"),
            Map.entry("Seq2SeqTransformer", "also masks, its loss by hand, sentences learnt (Seq2SeqTransformerTest)"),
            Map.entry("Sequential", "also within those of TinyViT; with a cache, what one pass gives (TransformersAgainstPyTorchTest)"),
            Map.entry("SinusoidalEmbedding", "also with a cache what one pass gives (TransformersAgainstPyTorchTest)"),
            Map.entry("Tied", "also the sum of both gradients (TransformersAgainstPyTorchTest)"),
            Map.entry("TinyLM", "parameters and operations as PyTorch counts them (TinyModelsTest)"));
}
