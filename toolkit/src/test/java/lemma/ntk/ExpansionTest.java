package lemma.ntk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import lemma.autodiff.GradCheck;
import lemma.nn.Activation;
import lemma.nn.Linear;
import lemma.nn.Model;
import lemma.nn.Params;
import lemma.nn.Sequential;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Against SciPy's DOP853 and neural-tangents' taylor_expand; src/test/python/ntk_flow_fixtures.py. */
class ExpansionTest {
    private static final JsonObject FLOW = NeuralTangents.cases("flow.json").getAsJsonObject("flow");
    private static final JsonObject TAYLOR = NeuralTangents.cases("flow.json").getAsJsonObject("taylor");

    private static Tensor get(JsonObject of, String name) {
        return NeuralTangents.tensor(of.get(name));
    }

    @Test
    void crossEntropyEqualsSciPysSolver() {
        KernelLossFlow flow = KernelLossFlow.crossEntropy(get(FLOW, "kernel"), get(FLOW, "labels").to(DType.INT64)).withLearningRate(FLOW.get("rate").getAsDouble());
        for (JsonElement e : FLOW.getAsJsonArray("times")) {
            JsonObject at = e.getAsJsonObject();
            double t = at.get("t").getAsDouble();
            near(flow.train(t, get(FLOW, "f0")), get(at, "train"), 1e-6);
            near(flow.test(t, get(FLOW, "cross"), get(FLOW, "f0"), get(FLOW, "g0")), get(at, "test"), 1e-6);
        }
    }

    @Test
    void squaredErrorsHaveTheirClosedForm() {
        Tensor k = get(FLOW, "kernel");
        Tensor y = Random.seed(1).normal(Shape.of(7, 4), DType.FLOAT64);
        KernelLossFlow flow = new KernelLossFlow(k, f -> f.sub(y).square().sum().div(2.0 * 7), 0.7, 1e-9);
        KernelGradientFlow exact = KernelGradientFlow.of(k, y).withLearningRate(0.7);
        near(flow.train(3, get(FLOW, "f0")), exact.train(3, get(FLOW, "f0")), 1e-7);
    }

    @Test
    void expansionsEqualNeuralTangents() {
        Model net = net();
        Params moved = Params.of("0.weight", get(TAYLOR, "w1").add(get(TAYLOR, "d1"))).with("2.weight", get(TAYLOR, "w2").add(get(TAYLOR, "d2")));
        for (int order = 1; order <= 3; order++) {
            Tensor theirs = NeuralTangents.tensor(TAYLOR.getAsJsonArray("orders").get(order - 1));
            near(Taylorized.of(net, order).with(moved).apply(get(TAYLOR, "x")), theirs, 1e-10);
        }
        near(Taylorized.of(net, 1).with(moved).apply(get(TAYLOR, "x")), Linearized.of(net).with(moved).apply(get(TAYLOR, "x")), 1e-12);
    }

    private static Model net() {
        Sequential module = Sequential.of(Linear.of(3, 5).withoutBias(), Activation.TANH, Linear.of(5, 2).withoutBias());
        return new Model(module, Params.of("0.weight", get(TAYLOR, "w1")).with("2.weight", get(TAYLOR, "w2")), Params.EMPTY);
    }

    @Test
    void expansionsHaveGradients() {
        Model quadratic = Taylorized.of(net(), 2);
        Tensor x = get(TAYLOR, "x");
        Tensor other = get(TAYLOR, "w2");
        GradCheck.of((Tensor w) -> quadratic.with(Params.of("0.weight", w).with("2.weight", other)).apply(x).square().sum())
                .withOrder(1).check(get(TAYLOR, "w1").add(get(TAYLOR, "d1"))).assertOk();
    }

    @Test
    void wrongArgumentsAreQuoted() {
        assertThatThrownBy(() -> Taylorized.of(net(), 0)).hasMessageContaining("order 0");
        assertThatThrownBy(() -> KernelLossFlow.crossEntropy(Tensor.ones(2, 3), Tensor.zeros(2))).hasMessageContaining("[2, 3]");
        KernelLossFlow flow = KernelLossFlow.crossEntropy(get(FLOW, "kernel"), get(FLOW, "labels").to(DType.INT64));
        assertThatThrownBy(() -> flow.train(-1, get(FLOW, "f0"))).hasMessageContaining("time -1.0");
    }

    private static void near(Tensor ours, Tensor theirs, double tolerance) {
        assertThat(ours.shape()).isEqualTo(theirs.shape());
        assertThat(ours.sub(theirs).abs().max().item()).isLessThan(tolerance);
    }
}
