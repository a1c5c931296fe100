package lemma.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import lemma.autodiff.Autodiff;
import lemma.autodiff.GradCheck;
import lemma.data.Textures;
import lemma.loss.Losses;
import lemma.optim.AdamW;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import lemma.train.Batch;
import lemma.train.Trainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VanillaNetTest {
    private static final FixtureFile TORCH = FixtureFile.of("vanillanet.safetensors");

    @ParameterizedTest
    @CsvSource({"series, 3, 1", "series_wide, 2, 3", "series_point, 2, 0"})
    void theSeriesActivationIsPyTorchsDepthwiseConvolutionOfRelu(String name, int channels, int reach) {
        SeriesActivation layer = SeriesActivation.of(channels).withReach(reach).withShift();
        Params params = TORCH.under(name + "/params");
        assertThat(layer.params(Random.seed(1)).names()).containsExactlyInAnyOrderElementsOf(params.names());
        for (DType type : new DType[] {DType.FLOAT64, DType.FLOAT32}) {
            double tolerance = type == DType.FLOAT64 ? 1e-9 : 1e-5;
            Params own = params.map(t -> t.to(type));
            Model model = new Model(layer, own, Params.EMPTY);
            Tensor x = TORCH.get(name + "/x").to(type);
            Tensor u = TORCH.get(name + "/u").to(type);
            near("y", model.apply(x), TORCH.get(name + "/y"), tolerance);
            near("dx", Autodiff.vjp(model::apply, x, u).cotangent(), TORCH.get(name + "/dx"), tolerance);
            Params grads = Autodiff.vjp((Params p) -> model.with(p).apply(x), own, u).cotangent();
            for (String p : grads.names()) near("d" + p, grads.get(p), TORCH.get(name + "/grads/" + p), tolerance);
        }
    }

    private static void near(String what, Tensor ours, Tensor theirs, double tolerance) {
        assertThat(ours.shape()).as(what).isEqualTo(theirs.shape());
        double scale = Math.max(1, theirs.abs().max().item());
        assertThat(ours.to(DType.FLOAT64).sub(theirs).abs().max().item() / scale).as(what).isCloseTo(0, within(tolerance));
    }

    @Test
    void secondDerivativesAgreeWithFiniteDifferences() {
        Params params = TORCH.under("series/params");
        SeriesActivation layer = SeriesActivation.of(3).withReach(1).withShift();
        Tensor x = TORCH.get("series/x");
        assertThat(GradCheck.of((Tensor z, Tensor w) -> new Model(layer, params.with("weight", w), Params.EMPTY).apply(z)).withOrder(2).check(x, params.get("weight")).isOk()).isTrue();
        DeepTrainingActivation half = new DeepTrainingActivation(Activation.TANH, 4);
        Params state = Params.of("step", Tensor.of(new double[] {2}, new int[0]));
        assertThat(GradCheck.of((Tensor z) -> new Model(half, Params.EMPTY, state).apply(z)).withOrder(2).check(x).isOk()).isTrue();
    }

    @Test
    void theExtraActivationFadesStepByStepOfTraining() {
        Model now = new DeepTrainingActivation(Activation.RELU, 4).init(Random.seed(1));
        Tensor x = Tensor.of(new double[] {-2, 3});
        for (int t = 0; t < 6; t++) {
            double lambda = Math.min(1, t / 4.0);
            assertThat(now.apply(x).toDoubles()).containsExactly(new double[] {-2 * lambda, 3}, within(1e-15));
            Pass pass = Pass.train(Random.seed(1));
            assertThat(now.apply(x, pass).toDoubles()).containsExactly(new double[] {-2 * lambda, 3}, within(1e-15));
            now = now.withState(pass.state(now.state()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void theMergedNetworkIsTheSameFunctionWithHalfTheLayers(int reach) {
        VanillaNet plain = VanillaNet.of(1, 10, 2, 16, 4, 4, 8, 8, 8).withSeries(reach);
        VanillaNet deep = plain.withDeepTraining(5);
        Batch data = Textures.of().sample(64, Random.seed(1));
        Model trained = Trainer.of(deep.init(Random.seed(2)), AdamW.of(1e-2)).loss(Losses::crossEntropy).batchSize(16).steps(8).quiet().fit(data.x(), data.y()).model();
        Model exact = new Model(deep, trained.params().map(t -> t.to(DType.FLOAT64)), trained.state().map(t -> t.to(DType.FLOAT64)));
        Model merged = deep.merged(exact);
        Tensor x = data.x().to(DType.FLOAT64);
        assertThat(merged.apply(x).sub(exact.apply(x)).abs().max().item()).isLessThan(1e-12);
        assertThat(linear(deep.layers())).isEqualTo(12);
        assertThat(linear((Sequential) merged.module())).isEqualTo(6);
        assertThat(merged.state().names()).isEmpty();
        // what is left has the layers of the plain net, less its normalisations
        assertThat(merged.params().names().stream().filter(n -> n.endsWith("weight"))).hasSize(reach == 0 ? 6 : 11);
    }

    @Test
    void weightsAreMultipliedInDoublePrecisionAndRoundedOnce() {
        VanillaNet deep = VanillaNet.of(1, 3, 2, 8, 4, 4).withSeries(1).withDeepTraining(1);
        Model drawn = deep.init(Random.seed(1));
        Pass pass = Pass.train(Random.seed(2));
        drawn.apply(Random.seed(3).normal(6, 1, 8, 8), pass);
        Model trained = drawn.withState(pass.state(drawn.state()));
        Params exact = deep.merged(trained.map(t -> t.to(DType.FLOAT64))).params();
        Params single = deep.merged(trained).params();
        for (String p : exact.names()) assertThat(single.get(p).toFloats()).as(p).containsExactly(exact.get(p).to(DType.FLOAT32).toFloats());
    }

    private static long linear(Sequential net) {
        return net.modules().stream().filter(m -> m instanceof Linear || m instanceof Conv2d).count();
    }

    @Test
    void mergingMultipliesWeightsAndKeepsWhatDoesNotMerge() {
        Sequential net = Sequential.of(Conv2d.of(2, 3, 3).withStride(2).withPadding(1).withoutBias(), Conv2d.of(3, 4, 1), Conv2d.of(4, 4, 3), Activation.TANH, new Flatten(), Linear.of(4, 3), Linear.of(3, 2).withoutBias());
        Model model = net.init(Random.seed(1));
        Model exact = new Model(net, model.params().map(t -> t.to(DType.FLOAT64)), Params.EMPTY);
        Model merged = LayerMerging.of(exact);
        Tensor x = Random.seed(2).normal(Shape.of(3, 2, 6, 6), DType.FLOAT64);
        assertThat(merged.apply(x).sub(exact.apply(x)).abs().max().item()).isLessThan(1e-13);
        assertThat(((Sequential) merged.module()).modules()).hasSize(5);
    }

    @Test
    void aNetworkThatHasNotFadedIsNotMerged() {
        VanillaNet deep = VanillaNet.of(1, 3, 2, 8, 4, 4).withDeepTraining(5);
        assertThatThrownBy(() -> deep.merged(deep.init(Random.seed(1)))).hasMessageContainingAll("step 0", "at least 5 steps");
    }

    @Test
    void shapesAndSettings() {
        VanillaNet net = VanillaNet.of(3, 7, 2, 6, 4, 5, 6);
        assertThat(net.init(Random.seed(1)).apply(Tensor.ones(2, 3, 6, 6)).shape()).isEqualTo(Shape.of(2, 7));
        assertThat(SeriesActivation.of(2).init(Random.seed(1)).apply(Tensor.ones(0, 2, 1, 1)).shape()).isEqualTo(Shape.of(0, 2, 1, 1));
        assertThatThrownBy(() -> SeriesActivation.of(2).init(Random.seed(1)).apply(Tensor.ones(1, 3, 2, 2))).hasMessageContainingAll("SeriesActivation", "[1, 3, 2, 2]", "(n, 2, h, w)");
        assertThatThrownBy(() -> SeriesActivation.of(2).withReach(-1)).hasMessageContaining("reach -1");
        assertThatThrownBy(() -> DeepTrainingActivation.of(0)).hasMessageContaining("steps 0");
        assertThatThrownBy(() -> VanillaNet.of(1, 2, 4, 6, 4, 4)).hasMessageContainingAll("patch 4", "side 6");
        assertThatThrownBy(() -> VanillaNet.of(1, 2, 2, 6, 4)).hasMessageContaining("widths [4]");
    }
}
