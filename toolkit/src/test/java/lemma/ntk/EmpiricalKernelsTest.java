package lemma.ntk;

import static lemma.ntk.Stax.conv;
import static lemma.ntk.Stax.dense;
import static lemma.ntk.Stax.erf;
import static lemma.ntk.Stax.fanInSum;
import static lemma.ntk.Stax.flatten;
import static lemma.ntk.Stax.identity;
import static lemma.ntk.Stax.relu;
import static lemma.ntk.Stax.serial;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import lemma.nn.Activation;
import lemma.nn.AvgPool2d;
import lemma.nn.Conv2d;
import lemma.nn.Flatten;
import lemma.nn.LayerNorm;
import lemma.nn.Linear;
import lemma.nn.Model;
import lemma.nn.Params;
import lemma.nn.Sequential;
import lemma.nn.Tied;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EmpiricalKernelsTest {
    private static final JsonObject CASES = NeuralTangents.cases("empirical.json");

    static Stream<Arguments> cases() {
        return Stream.of(
                Arguments.of("mlp", Sequential.of(Linear.of(5, 8), Activation.GELU, Linear.of(8, 7), Activation.TANH, Linear.of(7, 3))),
                Arguments.of("cnn", Sequential.of(Conv2d.of(2, 4, 3), Activation.RELU, AvgPool2d.of(2), new Flatten(), Linear.of(16, 3))),
                Arguments.of("tokens", Sequential.of(LayerNorm.of(6), Linear.of(6, 5), Activation.SILU, new Flatten(), Linear.of(15, 2))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyMethodEqualsPyTorch(String name, lemma.nn.Module module) {
        JsonObject c = CASES.getAsJsonObject(name);
        Map<String, Tensor> params = new LinkedHashMap<>();
        for (Map.Entry<String, JsonElement> p : c.getAsJsonObject("params").entrySet()) params.put(p.getKey(), NeuralTangents.tensor(p.getValue()));
        Model model = new Model(module, Params.of(params), Params.EMPTY);
        Tensor x1 = NeuralTangents.tensor(c.get("x1"));
        Tensor x2 = NeuralTangents.tensor(c.get("x2"));
        Tensor ntk = NeuralTangents.tensor(c.get("ntk"));
        for (NtkMethod method : NtkMethod.values()) {
            EmpiricalKernels kernels = EmpiricalKernels.of(model).withMethod(method);
            near(name + method, kernels.full(x1, x2).ntk(), ntk, 1e-12);
            near(name + method, kernels.full(x1, x2).nngp(), NeuralTangents.tensor(c.get("nngp")), 1e-12);
            near(name + method, kernels.kernel(x1, x2).ntk(), ntk.diagonal(0, 2, 3).mean(-1), 1e-12);
        }
    }

    static Stream<Arguments> networks() {
        Network hidden = dense(20, 1.3, 0.4);
        return Stream.of(
                Arguments.of(serial(hidden, relu(), fanInSum(identity(), serial(hidden, erf(), hidden)), dense(3)).init(Random.seed(1), 6), new int[] {5, 6}),
                Arguments.of(serial(dense(9, 1.1, 0.2, Parametrization.STANDARD), relu(), dense(2)).init(Random.seed(1), 6), new int[] {5, 6}),
                Arguments.of(serial(conv(6, 3, 1.2, 0.3), relu(), flatten(), hidden, relu(), dense(2)).init(Random.seed(1), 3, 7), new int[] {5, 3, 7}),
                Arguments.of(Tied.of(Sequential.of(Linear.of(6, 6), Activation.TANH, Linear.of(6, 6)), "2.weight", "0.weight").init(Random.seed(1)), new int[] {5, 6}));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void methodsAgreeAndKernelsOfOneSetAreSymmetric(Model single, int[] shape) {
        Model model = single.map(t -> t.to(DType.FLOAT64));
        Tensor x = Random.seed(2).normal(Shape.of(shape), DType.FLOAT64);
        Tensor reference = EmpiricalKernels.of(model).withMethod(NtkMethod.JACOBIAN_CONTRACTION).full(x).ntk();
        for (NtkMethod method : NtkMethod.values()) {
            EmpiricalKernel k = EmpiricalKernels.of(model).withMethod(method).full(x);
            assertThat(k.method()).isEqualTo(method);
            near(method.name(), k.ntk(), reference, 1e-12);
            near(method.name(), EmpiricalKernels.of(model).withMethod(method).kernel(x).ntk(), reference.diagonal(0, 2, 3).mean(-1), 1e-12);
        }
        Tensor ntk = EmpiricalKernels.of(model).withMethod(NtkMethod.STRUCTURED_DERIVATIVES).kernel(x).ntk();
        assertThat(ntk.eq(ntk.t()).all().item()).isEqualTo(1);
    }

    /** Off by one block of 32 examples at the seams if tiles were wrong. */
    @Test
    void tilesDoNotChangeTheKernel() {
        Model model = serial(dense(16, 1, 0.1), relu(), dense(40)).init(Random.seed(1), 4);
        Tensor x = Random.seed(2).normal(70, 4);
        Tensor whole = EmpiricalKernels.of(model).full(x).ntk();
        Tensor part = EmpiricalKernels.of(model).full(x.narrow(0, 33, 36), x.narrow(0, 5, 9)).ntk();
        near("tiles", whole.narrow(0, 33, 36).narrow(1, 5, 9), part, 1e-5);
        near("tiles", whole.narrow(0, 5, 9).narrow(1, 33, 36), part.transpose(0, 1).transpose(2, 3), 1e-5);
    }

    @Test
    void theCheapestMethodIsTakenAndReported() {
        Model wide = serial(dense(512), relu(), dense(512), relu(), dense(10)).init(Random.seed(1), 20);
        EmpiricalKernel k = EmpiricalKernels.of(wide).full(Random.seed(2).normal(8, 20));
        assertThat(k.method()).isEqualTo(NtkMethod.STRUCTURED_DERIVATIVES);
        assertThat(k.costs()).hasSize(3);
        double least = k.costs().values().stream().mapToDouble(EmpiricalKernel.Cost::operations).min().orElseThrow();
        assertThat(k.costs().get(k.method()).operations()).isEqualTo(least);
    }

    @Test
    void aMethodThatNeedsTooMuchMemoryIsNotTaken() {
        EmpiricalKernel.Cost small = new EmpiricalKernel.Cost(3e9, 1e8);
        Map<NtkMethod, EmpiricalKernel.Cost> costs = Map.of(NtkMethod.JACOBIAN_CONTRACTION, small,
                NtkMethod.NTK_VECTOR_PRODUCTS, new EmpiricalKernel.Cost(9e9, 1e6), NtkMethod.STRUCTURED_DERIVATIVES, new EmpiricalKernel.Cost(1e9, 4e9));
        assertThat(EmpiricalKernels.cheapest(costs)).isEqualTo(NtkMethod.JACOBIAN_CONTRACTION);
    }

    /** Of random networks the empirical kernels approach the analytic ones like one over the root of the width. */
    @Test
    void convergesToTheAnalyticKernelAtOneOverRootWidth() {
        Tensor x = Random.seed(3).normal(4, 8);
        double[] errors = {error(64, x), error(1024, x)};
        assertThat(errors[0] / errors[1]).isCloseTo(4, within(1.6));
    }

    private static double error(int width, Tensor x) {
        Network net = serial(dense(width, 1.4, 0.1), relu(), dense(width, 1.4, 0.1), relu(), dense(1, 1.4, 0.1));
        Tensor limit = net.kernel(x).ntk();
        double sum = 0;
        for (int seed = 0; seed < 24; seed++) {
            Tensor d = Kernels.of(net.init(Random.seed(seed), 8)).empirical(x, x).ntk().sub(limit);
            sum += d.square().mean().item();
        }
        return Math.sqrt(sum / 24);
    }

    @Test
    void analyticKernelsOfAModelAreThoseOfItsDescription() {
        Network net = serial(dense(32, 1.4, 0.1), relu(), dense(1));
        Tensor x = Random.seed(3).normal(4, 8);
        near("analytic", Kernels.of(net.init(Random.seed(1), 8)).analytic(x, x).ntk(), net.kernel(x, x).ntk(), 0);
        assertThatThrownBy(() -> Kernels.of(Linear.of(8, 1).init(Random.seed(1))).analytic(x, x)).hasMessageContaining("Network.init");
        assertThatThrownBy(() -> EmpiricalKernels.of(net.init(Random.seed(1), 8)).kernel(Tensor.zeros(0, 8))).hasMessageContaining("[0, 8]");
    }

    private static void near(String what, Tensor ours, Tensor theirs, double tolerance) {
        assertThat(ours.shape()).as(what).isEqualTo(theirs.shape());
        double scale = Math.max(1, theirs.abs().max().item());
        assertThat(ours.sub(theirs).abs().max().item() / scale).as(what).isLessThanOrEqualTo(tolerance);
    }
}
