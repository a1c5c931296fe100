package lemma.ntk;

import static lemma.ntk.Stax.abRelu;
import static lemma.ntk.Stax.abs;
import static lemma.ntk.Stax.avgPool;
import static lemma.ntk.Stax.conv;
import static lemma.ntk.Stax.cos;
import static lemma.ntk.Stax.dense;
import static lemma.ntk.Stax.dropout;
import static lemma.ntk.Stax.elementwise;
import static lemma.ntk.Stax.erf;
import static lemma.ntk.Stax.exp;
import static lemma.ntk.Stax.fanInConcat;
import static lemma.ntk.Stax.fanInSum;
import static lemma.ntk.Stax.flatten;
import static lemma.ntk.Stax.gaussian;
import static lemma.ntk.Stax.gelu;
import static lemma.ntk.Stax.globalAvgPool;
import static lemma.ntk.Stax.identity;
import static lemma.ntk.Stax.layerNorm;
import static lemma.ntk.Stax.leakyRelu;
import static lemma.ntk.Stax.rbf;
import static lemma.ntk.Stax.rectifiedMonomial;
import static lemma.ntk.Stax.relu;
import static lemma.ntk.Stax.selfAttention;
import static lemma.ntk.Stax.serial;
import static lemma.ntk.Stax.sin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AnalyticKernelsTest {
    private static final JsonObject CASES = NeuralTangents.cases("kernels.json");
    private static final Map<String, Network> NETWORKS = new LinkedHashMap<>();
    private static final double HE = Math.sqrt(2);

    static {
        NETWORKS.put("dense10Relu", mlp(relu(), 10, HE, 0.1));
        NETWORKS.put("relu", mlp(relu(), 3, 1.3, 0.2));
        NETWORKS.put("leakyRelu", mlp(leakyRelu(0.1), 3, 1.3, 0.2));
        NETWORKS.put("abs", mlp(abs(), 3, 1.3, 0.2));
        NETWORKS.put("abRelu", mlp(abRelu(-0.3, 0.8), 3, 1.3, 0.2));
        NETWORKS.put("erf", mlp(erf(), 3, 1.3, 0.2));
        NETWORKS.put("gelu", mlp(gelu(), 3, 1.3, 0.2));
        NETWORKS.put("sin", mlp(sin(), 3, 1.3, 0.2));
        NETWORKS.put("cos", mlp(cos(), 3, 1.3, 0.2));
        for (int i = 0; i < 3; i++) NETWORKS.put("rectified" + i, serial(dense(8, 1.1, 0.3), rectifiedMonomial(i), dense(1, 1.2, 0.1)));
        NETWORKS.put("standard", standardMlp());
        NETWORKS.put("noBias", serial(dense(64, 1.2, Double.NaN), relu(), dense(1, 1.1, Double.NaN)));
        NETWORKS.put("layerNorm", serial(dense(8, 1.3, 0.2), layerNorm(), relu(), dense(8, 1.3, 0.2), layerNorm(), erf(), dense(1)));
        NETWORKS.put("residual", serial(dense(8, 1.3, 0.2), fanInSum(identity(), serial(relu(), dense(8, 1.1, 0.1))),
                fanInSum(identity(), serial(relu(), dense(8, 0.7, 0.3))), relu(), dense(1, 1, 0.1)));
        NETWORKS.put("concat", serial(dense(8, 1.3, 0.2), fanInConcat(serial(relu(), dense(6, 1.1, 0.1)), serial(erf(), dense(2, 0.9, 0.4))),
                dense(8, 1.2, 0.3), relu(), dense(1, 1, 0.1)));
        for (Padding p : Padding.values()) {
            String tag = p.name().toLowerCase();
            NETWORKS.put("conv1d_" + tag, serial(conv(8, 3, 1, p, 1.2, 0.15), relu(), conv(8, 3, 2, p, 1.2, 0.15), relu(), flatten(), dense(1, 1.1, 0.2)));
            NETWORKS.put("conv2d_" + tag, serial(conv(8, 3, 1, p, 1.2, 0.15), relu(), conv(8, 2, 2, p, 1.2, 0.15), erf(), flatten(), dense(1, 1.1, 0.2)));
            NETWORKS.put("pooled2d_" + tag, serial(conv(8, 3, 1, p, 1.2, 0.15), relu(), conv(8, 3, 1, p, 1.2, 0.15), relu(), globalAvgPool(), dense(1, 1.1, 0.2)));
        }
        NETWORKS.put("pooled1d", serial(conv(8, 3, 1.2, 0.15), relu(), avgPool(2), conv(8, 2, 1.2, 0.15), relu(), globalAvgPool(), dense(1, 1.1, 0.2)));
        NETWORKS.put("avgFlatten", serial(same(1.2, 0.15), relu(), avgPool(2), same(1.2, 0.15), gelu(), flatten(), dense(1, 1.1, 0.2)));
        NETWORKS.put("convStandard", serial(standard(8), relu(), standard(4), relu(), flatten(), dense(1, 1.1, 0.2, Parametrization.STANDARD)));
        NETWORKS.put("convPositions", serial(same(1.2, 0.15), relu(), conv(3, 3, 1, Padding.SAME, 1.2, 0.15)));
        NETWORKS.put("sinWave", mlp(sin(1.2, 0.7, 0.4), 3, 1.3, 0.2));
        NETWORKS.put("rbf", serial(dense(64, 1, Double.NaN), rbf(0.8), dense(1, 1.1, 0.2)));
        NETWORKS.put("exp", mlp(exp(0.8, 0.5), 2, 1.3, 0.2));
        NETWORKS.put("gaussian", mlp(gaussian(1.3, 0.6), 3, 1.3, 0.2));
        // neural-tangents names the probability to keep
        NETWORKS.put("dropout", serial(dense(8, 1.3, 0.2), relu(), dropout(0.2), dense(8, 1.2, 0.1), erf(), dropout(0.4), dense(1, 1.1, 0.2)));
        NETWORKS.put("dropoutFlatten", serial(conv(8, 3, 1.2, 0.15), relu(), dropout(0.2), conv(8, 2, 1.2, 0.15), relu(), flatten(), dense(1, 1.1, 0.2)));
        NETWORKS.put("dropoutPooled", serial(same(1.2, 0.15), relu(), dropout(0.2), same(1.2, 0.15), relu(), dropout(0.2), globalAvgPool(), dense(1, 1.1, 0.2)));
        NETWORKS.put("attentionIdentity", tied(AttentionWeights.TIED));
        NETWORKS.put("attentionSoftmax", tied(AttentionWeights.TIED_SOFTMAX));
        NETWORKS.put("attentionRelu", tied(AttentionWeights.TIED_RELU));
        NETWORKS.put("attentionAbs", tied(AttentionWeights.TIED_ABS));
        NETWORKS.put("attentionDotProduct", serial(conv(8, 3, 1.2, 0.15), relu(), attention(AttentionWeights.DOT_PRODUCT), relu(), attention(AttentionWeights.DOT_PRODUCT),
                globalAvgPool(), dense(1, 1.1, 0.2)));
        NETWORKS.put("attentionImages", serial(conv(8, 2, 1.2, 0.15), relu(), attention(AttentionWeights.TIED_SOFTMAX), layerNorm(), relu(), globalAvgPool(), dense(1, 1.1, 0.2)));
        NETWORKS.put("myrtle5", myrtle(1, 1, 1, 1));
        NETWORKS.put("myrtle10", myrtle(2, 2, 2, 2));
    }

    private static Network mlp(Network activation, int depth, double w, double b) {
        List<Network> parts = new ArrayList<>();
        for (int i = 0; i < depth; i++) parts.addAll(List.of(dense(64, w, b), activation));
        parts.add(dense(1, w, b));
        return serial(parts.toArray(Network[]::new));
    }

    private static Network standardMlp() {
        Network hidden = dense(64, 1.3, 0.2, Parametrization.STANDARD);
        return serial(hidden, relu(), hidden, relu(), hidden, relu(), dense(1, 1.3, 0.2, Parametrization.STANDARD));
    }

    private static Network same(double w, double b) {
        return conv(8, 3, 1, Padding.SAME, w, b);
    }

    private static Network standard(int channels) {
        return conv(channels, 3, 1, Padding.SAME, 1.2, 0.15, Parametrization.STANDARD);
    }

    /** As neural-tangents with standard deviations 1.2 of keys, 0.9 of values, 1.1 of queries, 1.3 of outputs. */
    private static Network attention(AttentionWeights weights) {
        return selfAttention(8, 3, 4, weights, 1.2 * 1.1, 0.9 * 1.3, 0.2);
    }

    private static Network tied(AttentionWeights weights) {
        return serial(conv(8, 3, 1.2, 0.15), relu(), conv(8, 1, 1.2, 0.15), attention(weights), relu(), attention(weights), flatten(), dense(1, 1.1, 0.2));
    }

    /** Convolutions before the first pooling and before each of the three. */
    private static Network myrtle(int first, int... stages) {
        List<Network> parts = new ArrayList<>();
        for (int i = 0; i < first; i++) parts.addAll(List.of(same(HE, 0), relu()));
        for (int n : stages) {
            for (int i = 0; i < n; i++) parts.addAll(List.of(same(HE, 0), relu()));
            parts.add(avgPool(2));
        }
        parts.addAll(List.of(flatten(), dense(1, HE, 0)));
        return serial(parts.toArray(Network[]::new));
    }

    static Stream<String> networks() {
        return CASES.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("networks")
    void kernelsEqualThoseOfNeuralTangents(String name) {
        NetworkKernel k = NETWORKS.get(name).kernel(get(name, "x1"), get(name, "x2"));
        near("NNGP of " + name, k.nngp(), get(name, "nngp"), 1e-10);
        near("NTK of " + name, k.ntk(), get(name, "ntk"), 1e-10);
    }

    @ParameterizedTest
    @MethodSource("networks")
    void kernelsEqualThoseOfNeuralTangentsInSinglePrecision(String name) {
        NetworkKernel k = NETWORKS.get(name).kernel(get(name, "x1").to(DType.FLOAT32), get(name, "x2").to(DType.FLOAT32));
        assertThat(k.ntk().dtype()).isEqualTo(DType.FLOAT32);
        near("NNGP of " + name, k.nngp(), get(name, "nngp"), 2e-5);
        near("NTK of " + name, k.ntk(), get(name, "ntk"), 2e-5);
    }

    static Stream<String> symmetric() {
        return CASES.keySet().stream().filter(name -> CASES.getAsJsonObject(name).has("sameNtk"));
    }

    /** Where both examples are one, neural-tangents takes the root of a rounded difference, which is right to 1e-8 only. */
    @ParameterizedTest
    @MethodSource("symmetric")
    void symmetricKernelsEqualThoseOfNeuralTangents(String name) {
        NetworkKernel k = NETWORKS.get(name).kernel(get(name, "x1"));
        near("NNGP of " + name, k.nngp(), get(name, "sameNngp"), 1e-10);
        near("NTK of " + name, k.ntk(), get(name, "sameNtk"), 3e-7);
        assertThat(k.ntk().rank() > 2 || k.ntk().eq(k.ntk().t()).all().item() == 1).as(name).isTrue();
    }

    @ParameterizedTest
    @MethodSource("networks")
    void blocksAndTheDiagonalDoNotChangeTheKernel(String name) {
        Tensor x = get(name, "x1");
        AnalyticKernels small = AnalyticKernels.of(NETWORKS.get(name)).withBlock(1);
        NetworkKernel whole = NETWORKS.get(name).kernel(x);
        near(name, small.kernel(x).ntk(), whole.ntk(), 3e-7);
        // with dropout those of two sets are never one
        if (!name.startsWith("dropout")) near(name, small.kernel(x, x.narrow(0, 0, 2)).nngp(), whole.nngp().narrow(1, 0, 2), 1e-12);
        if (whole.ntk().rank() > 2) return;
        near(name, small.diagonal(x).ntk(), whole.ntk().diagonal(0), 1e-14);
        near(name, small.diagonal(x).nngp(), whole.nngp().diagonal(0), 1e-14);
    }

    private static Tensor get(String name, String what) {
        return NeuralTangents.tensor(CASES.getAsJsonObject(name).get(what));
    }

    private static void near(String what, Tensor ours, Tensor theirs, double tolerance) {
        assertThat(ours.shape()).as(what).isEqualTo(theirs.shape());
        double scale = Math.max(1, theirs.abs().max().item());
        assertThat(ours.to(DType.FLOAT64).sub(theirs.to(DType.FLOAT64)).abs().max().item() / scale).as(what).isCloseTo(0, within(tolerance));
    }

    /** With variance 1, {@code K_l = 1} and {@code Theta_l = l} on the diagonal for weights of variance 2 without biases. */
    @Test
    void reluNetworksAreExactOnTheDiagonal() {
        Tensor x = Random.seed(1).normal(Shape.of(40, 5), DType.FLOAT64);
        Tensor unit = x.div(x.square().meanKeep(1).sqrt());
        for (int depth : new int[] {1, 4, 10}) {
            Network net = serial(mlp(relu(), depth, HE, 0));
            NetworkKernel k = net.kernel(unit);
            near("NNGP", k.nngp().diagonal(0), Tensor.ones(40).to(DType.FLOAT64).mul(2), 1e-14);
            near("NTK", k.ntk().diagonal(0), Tensor.ones(40).to(DType.FLOAT64).mul(2 * (depth + 1)), 1e-13);
        }
    }

    /** The closed forms of smooth nonlinearities against quadrature, which shares no formula with them. */
    @Test
    void closedFormsAgreeWithQuadrature() {
        Tensor x = Random.seed(2).normal(Shape.of(6, 4), DType.FLOAT64);
        compare(x, erf(), elementwise("erf", Tensor::erf, 96), 1e-5);
        compare(x, gelu(), elementwise("gelu", Tensor::gelu, 96), 1e-5);
        compare(x, sin(), elementwise("sin", Tensor::sin, 32), 1e-10);
        compare(x, cos(), elementwise("cos", Tensor::cos, 32), 1e-10);
        compare(x, sin(1.2, 0.7, 0.4), elementwise("wave", t -> t.mul(0.7).add(0.4).sin().mul(1.2), 32), 1e-10);
        compare(x, exp(0.8, 0.5), elementwise("exp", t -> t.mul(0.5).exp().mul(0.8), 32), 1e-10);
        compare(x, gaussian(1.3, 0.6), elementwise("gaussian", t -> t.square().mul(-0.6).exp().mul(1.3), 96), 1e-6);
        compare(x, relu(), elementwise("relu", Tensor::relu, 128), 2e-2);
        compare(x, rectifiedMonomial(3), elementwise("cube", t -> t.relu().pow(3), 128), 1e-4);
    }

    private static void compare(Tensor x, Network closed, Network numeric, double tolerance) {
        NetworkKernel a = serial(dense(1, 1.1, 0.2), closed, dense(1)).kernel(x);
        NetworkKernel b = serial(dense(1, 1.1, 0.2), numeric, dense(1)).kernel(x);
        near("NNGP " + closed, a.nngp(), b.nngp(), tolerance);
        near("NTK " + closed, a.ntk(), b.ntk(), tolerance);
    }

    /** {@code exp(-gamma |x - x'|^2 / n)} behind weights of variance 1. */
    @Test
    void fourierFeaturesGiveTheGaussianKernel() {
        Tensor x = Random.seed(3).normal(Shape.of(5, 4), DType.FLOAT64);
        Tensor far = x.unsqueeze(0).sub(x.unsqueeze(1)).square().mean(2);
        near("rbf", serial(dense(1, 1, Double.NaN), rbf(0.7)).kernel(x).nngp(), far.mul(-0.7).exp(), 1e-14);
    }

    @Test
    void wrongNetworksSayWhatToDo() {
        Tensor image = Random.seed(1).normal(2, 3, 4, 4);
        Tensor vector = Random.seed(1).normal(2, 3);
        assertThatThrownBy(() -> serial(dense(1)).kernel(image)).hasMessageContaining("[3, 4, 4]").hasMessageContaining("flatten()");
        assertThatThrownBy(() -> serial(relu(), dense(1)).kernel(vector)).hasMessageContaining("not Gaussian");
        assertThatThrownBy(() -> serial(dense(3), relu(), layerNorm()).kernel(vector)).hasMessageContaining("not Gaussian");
        assertThatThrownBy(() -> serial(dense(3), fanInSum(identity(), relu())).kernel(vector)).hasMessageContaining("2 branches have no weights");
        assertThatThrownBy(() -> serial(dense(3), fanInSum(identity(), dense(4))).kernel(vector)).hasMessageContaining("[4]").hasMessageContaining("[3]");
        assertThatThrownBy(() -> serial(dense(3)).kernel(vector, Tensor.zeros(2, 4))).hasMessageContaining("[2, 4]");
        assertThatThrownBy(() -> serial(conv(2, 5, 1, 0)).kernel(image)).hasMessageContaining("size 5 does not fit into 4");
        assertThatThrownBy(() -> serial(dropout(0.1), dense(3)).kernel(vector)).hasMessageContaining("on the inputs");
        assertThatThrownBy(() -> dropout(1)).hasMessageContaining("p is 1.0");
        assertThatThrownBy(() -> serial(dense(3), attention(AttentionWeights.TIED)).kernel(vector)).hasMessageContaining("[3]").hasMessageContaining("(c, l)");
        assertThatThrownBy(() -> selfAttention(8, 0, 4, AttentionWeights.TIED, 1, 1, 0)).hasMessageContaining("0 heads");
        assertThatThrownBy(() -> selfAttention(8, 1, 4, AttentionWeights.TIED, -1, 1, 0)).hasMessageContaining("-1.0");
        assertThatThrownBy(() -> rbf(0)).hasMessageContaining("gamma is 0.0");
        assertThatThrownBy(() -> gaussian(1, -1)).hasMessageContaining("b is -1.0");
        assertThatThrownBy(() -> dense(0, 1, 0)).hasMessageContaining("width 0");
        assertThatThrownBy(() -> dense(1, -1, 0)).hasMessageContaining("W_std is -1");
    }
}
