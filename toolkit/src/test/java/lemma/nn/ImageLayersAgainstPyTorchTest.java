package lemma.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import lemma.autodiff.Autodiff;
import lemma.tensor.DType;
import lemma.tensor.Functional.Interpolation;
import lemma.tensor.Functional.PadMode;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Layers of images and sequences, and normalisations: values, gradients and state of a training pass, and evaluation after it. */
class ImageLayersAgainstPyTorchTest {
    private static final FixtureFile TORCH = FixtureFile.of("image-layers.safetensors");

    static Stream<Arguments> layers() {
        return Stream.of(
                Arguments.of("conv1d", Conv1d.of(4, 6, 3).withStride(2).withPadding(1).withDilation(2).withGroups(2)),
                Arguments.of("conv1d_same", Conv1d.of(2, 3, 4).withSamePadding().withoutBias()),
                Arguments.of("conv1d_circular", Conv1d.of(2, 3, 3).withPadding(2).withPaddingMode(PadMode.CIRCULAR)),
                Arguments.of("conv2d_same", Conv2d.of(2, 3, 3).withSamePadding().withDilation(2)),
                Arguments.of("conv2d_same_even", Conv2d.of(2, 3, 2).withSamePadding()),
                Arguments.of("conv2d_reflect", Conv2d.of(2, 3, 3).withPadding(1).withStride(2).withPaddingMode(PadMode.REFLECT).withoutBias()),
                Arguments.of("conv2d_replicate_same", Conv2d.of(2, 3, 4).withSamePadding().withPaddingMode(PadMode.REPLICATE)),
                Arguments.of("convtranspose1d", ConvTranspose1d.of(4, 6, 3).withStride(3).withPadding(1).withOutputPadding(2).withGroups(2).withDilation(2)),
                Arguments.of("convtranspose2d", ConvTranspose2d.of(4, 2, 3).withStride(2).withPadding(1).withOutputPadding(1)),
                Arguments.of("convtranspose2d_plain", ConvTranspose2d.of(2, 2, 2).withGroups(2).withoutBias()),
                Arguments.of("maxpool1d", new MaxPool1d(3, 2, 1)),
                Arguments.of("avgpool1d", AvgPool1d.of(2)),
                Arguments.of("adaptive1d", AdaptiveAvgPool1d.of(3)),
                Arguments.of("adaptive2d", new AdaptiveAvgPool2d(2, 3)),
                Arguments.of("upsample", Upsample.of(2)),
                Arguments.of("upsample_bilinear", Upsample.bilinear(1.5)),
                Arguments.of("upsample_aligned", Upsample.bilinear(2).withAlignedCorners()),
                Arguments.of("pad_constant", Pad.constant(1.5, 1, 2, 0, 1)),
                Arguments.of("pad_reflection", Pad.reflection(1, 2, 0, 1)),
                Arguments.of("pad_replication", Pad.replication(3, 1)),
                Arguments.of("pad_circular", Pad.circular(1, 2, 0, 1)),
                Arguments.of("pixelshuffle", PixelShuffle.of(2)),
                Arguments.of("pixelunshuffle", PixelUnshuffle.of(2)),
                Arguments.of("batchnorm1d", BatchNorm1d.of(3)),
                Arguments.of("batchnorm1d_sequence", BatchNorm1d.of(3).withEps(1e-3).withMomentum(0.3)),
                Arguments.of("batchnorm2d", BatchNorm2d.of(3).withoutAffine()),
                Arguments.of("batchnorm2d_untracked", BatchNorm2d.of(3).withoutTracking()),
                Arguments.of("instancenorm1d", InstanceNorm1d.of(3)),
                Arguments.of("instancenorm2d", InstanceNorm2d.of(3).withAffine()),
                Arguments.of("groupnorm", GroupNorm.of(2, 6)),
                Arguments.of("groupnorm_plain", GroupNorm.of(3, 6).withoutAffine()),
                Arguments.of("rmsnorm", RMSNorm.of(6)),
                Arguments.of("rmsnorm_eps", RMSNorm.of(6).withEps(0.1).withoutAffine()),
                Arguments.of("layernorm_axes", LayerNorm.of(2, 3, 4)),
                Arguments.of("layernorm_plain", LayerNorm.of(4).withEps(1e-2).withoutAffine()),
                Arguments.of("doubleconv", DoubleConv.of(2, 3)),
                Arguments.of("unet", UNet.of(2, 2).withChannels(3).withDepth(2)));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void namesAndShapesOfParametersAndStateArePyTorchs(String name, Module layer) {
        sameShapes(layer.params(Random.seed(1)), TORCH.under(name + "/params"));
        sameShapes(layer.state(), TORCH.under(name + "/state"));
    }

    private static void sameShapes(Params ours, Params theirs) {
        assertThat(ours.names()).containsExactlyInAnyOrderElementsOf(theirs.names());
        for (String p : ours.names()) assertThat(ours.get(p).shape()).as(p).isEqualTo(theirs.get(p).shape());
    }

    @ParameterizedTest
    @MethodSource("layers")
    void valuesAndGradientsAgreeInDoublePrecision(String name, Module layer) {
        check(name, layer, DType.FLOAT64, 1e-9);
    }

    @ParameterizedTest
    @MethodSource("layers")
    void valuesAndGradientsAgreeInSinglePrecision(String name, Module layer) {
        check(name, layer, DType.FLOAT32, 1e-5);
    }

    private static void check(String name, Module layer, DType type, double tolerance) {
        // in single precision PyTorch's own default eps is that of the type
        Module compared = layer instanceof RMSNorm r && r.eps() < 0 ? r.withEps(Math.ulp(1.0)) : layer;
        Tensor x = TORCH.get(name + "/x").to(type);
        Tensor u = TORCH.get(name + "/u").to(type);
        Params params = TORCH.under(name + "/params").map(t -> t.to(type));
        Model model = new Model(compared, params, layer.state().map(t -> t.to(type)));
        Pass pass = Pass.train(Random.seed(1));
        near(name + " y", model.apply(x, pass), TORCH.get(name + "/y"), tolerance);
        Params state = pass.state(model.state());
        for (String s : state.names()) near(name + " " + s, state.get(s), TORCH.get(name + "/state/" + s), tolerance);
        near(name + " in evaluation", model.withState(state).apply(x), TORCH.get(name + "/eval"), tolerance);
        near(name + " dx", Autodiff.vjp(z -> model.apply(z, Pass.train(Random.seed(1))), x, u).cotangent(), TORCH.get(name + "/dx"), tolerance);
        if (params.names().isEmpty()) return;
        Params grads = Autodiff.vjp((Params p) -> model.with(p).apply(x, Pass.train(Random.seed(1))), params, u).cotangent();
        for (String p : grads.names()) near(name + " d" + p, grads.get(p), TORCH.get(name + "/grads/" + p), tolerance);
    }

    private static void near(String what, Tensor ours, Tensor theirs, double tolerance) {
        assertThat(ours.shape()).as(what).isEqualTo(theirs.shape());
        double scale = Math.max(1, theirs.abs().max().item());
        assertThat(ours.to(DType.FLOAT64).sub(theirs).abs().max().item() / scale).as(what).isCloseTo(0, within(tolerance));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void anEmptyBatchGivesAnEmptyResultInEvaluation(String name, Module layer) {
        Tensor x = TORCH.get(name + "/x").to(DType.FLOAT32).narrow(0, 0, 0);
        Tensor y = layer.init(Random.seed(1)).apply(x);
        assertThat(y.shape()).isEqualTo(TORCH.get(name + "/y").shape().with(0, 0));
    }

    @Test
    void initialDistributionsHavePyTorchsBounds() {
        double bound = 1 / Math.sqrt(8 * 9);
        Params transposed = ConvTranspose2d.of(40, 16, 3).withGroups(2).params(Random.seed(1));
        assertThat(transposed.get("weight").abs().max().item()).isLessThanOrEqualTo(bound).isGreaterThan(0.99 * bound);
        assertThat(transposed.get("bias").abs().max().item()).isLessThanOrEqualTo(bound).isGreaterThan(0.5 * bound);
        double one = 1 / Math.sqrt(20 * 5);
        assertThat(Conv1d.of(20, 30, 5).params(Random.seed(1)).get("weight").abs().max().item()).isLessThanOrEqualTo(one).isGreaterThan(0.99 * one);
    }

    @Test
    void wrongShapesAndSettingsAreQuoted() {
        Tensor x = Tensor.ones(2, 3, 5);
        refuses(() -> Conv1d.of(4, 2, 3).init(Random.seed(1)).apply(x), "Conv1d", "[2, 3, 5]");
        refuses(() -> Conv1d.of(3, 2, 9).init(Random.seed(1)).apply(x), "does not fit", "[2, 3, 1, 5]");
        refuses(() -> Conv2d.of(4, 2, 3).withStride(2).withSamePadding(), "SAME", "stride 2");
        refuses(() -> Conv2d.of(4, 3, 3).withGroups(2), "groups 2", "out 3");
        refuses(() -> ConvTranspose1d.of(3, 2, 3).withOutputPadding(1), "outputPadding 1");
        refuses(() -> ConvTranspose1d.of(3, 2, 1).withPadding(7).init(Random.seed(1)).apply(x), "[2, 3, 1, 5]");
        refuses(() -> BatchNorm1d.of(4).init(Random.seed(1)).apply(x), "BatchNorm1d", "[2, 3, 5]");
        refuses(() -> BatchNorm1d.of(3).init(Random.seed(1)).apply(Tensor.ones(1, 3), Pass.train(Random.seed(1))), "more than one value");
        refuses(() -> GroupNorm.of(2, 3), "groups 2", "channels 3");
        refuses(() -> Pad.reflection(5, 0).init(Random.seed(1)).apply(x), "5", "[2, 3, 5]");
        refuses(() -> new Upsample(2, Interpolation.NEAREST, true), "alignCorners");
        refuses(() -> PixelShuffle.of(2).init(Random.seed(1)).apply(x), "[2, 3, 5]");
        refuses(() -> LayerNorm.of(4, 5).init(Random.seed(1)).apply(x), "[2, 3, 5]", "[4, 5]");
        refuses(() -> RMSNorm.of(4).init(Random.seed(1)).apply(x), "RMSNorm", "[2, 3, 5]");
        refuses(() -> UNet.of(3, 1).init(Random.seed(1)).apply(Tensor.ones(1, 3, 8, 32)), "[1, 3, 8, 32]", "16");
    }

    private static void refuses(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String... parts) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll(parts);
    }
}
