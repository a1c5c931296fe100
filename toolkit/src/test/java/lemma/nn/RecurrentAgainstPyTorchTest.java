package lemma.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lemma.autodiff.Autodiff;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Slice;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Recurrent layers beside the numbers of recurrent_fixtures.py. */
class RecurrentAgainstPyTorchTest {
    private static final Map<String, Module> LAYERS = Map.ofEntries(
            Map.entry("lstm", Lstm.of(3, 4)),
            Map.entry("lstm_deep", Lstm.of(3, 4).withLayers(3)),
            Map.entry("lstm_both", Lstm.of(3, 4).withLayers(2).asBidirectional()),
            Map.entry("lstm_plain", Lstm.of(3, 4).withoutBias()),
            Map.entry("lstm_wide", Lstm.of(5, 37)),
            Map.entry("gru", Gru.of(3, 4)),
            Map.entry("gru_both", Gru.of(3, 4).withLayers(2).asBidirectional()),
            Map.entry("gru_plain", Gru.of(3, 4).withoutBias()),
            Map.entry("gru_wide", Gru.of(5, 37)),
            Map.entry("rnn", Rnn.of(3, 4)),
            Map.entry("rnn_both", Rnn.of(3, 4).withLayers(2).asBidirectional()),
            Map.entry("rnn_relu", Rnn.of(3, 4).withoutBias().withNonlinearity(Rnn.Nonlinearity.RELU)));

    private static final FixtureFile ALL = FixtureFile.of("recurrent.safetensors");

    private static Params under(String prefix, DType type) {
        return ALL.under(prefix).map(t -> t.to(type));
    }

    /** Output, last hidden states and last memories, which but for LSTM are the hidden states. */
    private record Run(Tensor y, Tensor h, Tensor c) {}

    private static Run run(Model model, Tensor x, Tensor h, Tensor c) {
        Bound at = model.bind(Pass.eval());
        return switch (model.module()) {
            case Lstm l -> {
                Lstm.Output out = l.run(x, h, c, at);
                yield new Run(out.y(), out.h(), out.c());
            }
            case Gru l -> {
                Gru.Output out = l.run(x, h, at);
                yield new Run(out.y(), out.h(), out.h());
            }
            case Rnn l -> {
                Rnn.Output out = l.run(x, h, at);
                yield new Run(out.y(), out.h(), out.h());
            }
            default -> throw new IllegalStateException(model.module().toString());
        };
    }

    static Stream<String> names() {
        return LAYERS.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("names")
    void namesAndShapesOfParametersArePyTorchs(String name) {
        Params ours = LAYERS.get(name).params(Random.seed(1));
        Params theirs = under(name + "/params", DType.FLOAT64);
        assertThat(ours.names()).containsExactlyInAnyOrderElementsOf(theirs.names());
        for (String p : ours.names()) assertThat(ours.get(p).shape()).as(p).isEqualTo(theirs.get(p).shape());
    }

    @ParameterizedTest
    @MethodSource("names")
    void agreeInDoublePrecision(String name) {
        check(name, DType.FLOAT64, 1e-9);
    }

    @ParameterizedTest
    @MethodSource("names")
    void agreeInSinglePrecision(String name) {
        check(name, DType.FLOAT32, 1e-5);
    }

    private static void check(String name, DType type, double tolerance) {
        Params f = under(name, type);
        Model model = new Model(LAYERS.get(name), under(name + "/params", type), Params.EMPTY);
        Params point = under(name + "/params", type).with("x", f.get("x")).with("h", f.get("h")).with("c", f.get("c"));
        Run out = run(model, f.get("x"), f.get("h"), f.get("c"));
        near(name + " y", out.y, name + "/y", tolerance);
        near(name + " last h", out.h, name + "/last_h", tolerance);
        near(name + " last c", out.c, name + "/last_c", tolerance);
        near(name + " from zeros", model.apply(f.get("x")), name + "/zero", tolerance);
        Params g = Autodiff.grad(p -> loss(model, p, f), point);
        for (String key : point.names()) {
            String theirs = "grads/" + (f.has("params/" + key) ? "params/" : "") + key;
            if (f.has(theirs)) near(name + " gradient of " + key, g.get(key), name + "/" + theirs, tolerance);
        }
    }

    private static Tensor loss(Model model, Params p, Params f) {
        Run out = run(model.with(p), p.get("x"), p.get("h"), p.get("c"));
        return out.y.mul(f.get("u")).sum().add(out.c.mul(f.get("v")).sum());
    }

    @ParameterizedTest
    @MethodSource("names")
    void gradientsOfGradientsAgree(String name) {
        Params f = under(name, DType.FLOAT64);
        Params params = under(name + "/params", DType.FLOAT64);
        Model model = new Model(LAYERS.get(name), params, Params.EMPTY);
        Params twice = Autodiff.grad(p -> Autodiff.grad(x -> loss(model, p.with("x", x).with("h", f.get("h")).with("c", f.get("c")), f), f.get("x")).mul(f.get("x")).sum(), params);
        for (String key : params.names()) near(name + " second derivative in " + key, twice.get(key), name + "/twice/" + key, 1e-9);
    }

    private static void near(String what, Tensor ours, String theirs, double tolerance) {
        Tensor expected = ALL.get(theirs);
        assertThat(ours.shape()).as(what).isEqualTo(expected.shape());
        double scale = Math.max(1, expected.abs().max().item());
        assertThat(ours.to(DType.FLOAT64).sub(expected).abs().max().item() / scale).as(what).isCloseTo(0, within(tolerance));
    }

    @ParameterizedTest
    @MethodSource("names")
    void gradientsOfExamplesAddUpToThatOfTheBatch(String name) {
        Params params = under(name + "/params", DType.FLOAT64);
        Model model = new Model(LAYERS.get(name), params, Params.EMPTY);
        Tensor x = ALL.get(name + "/x");
        Params each = Autodiff.perExampleGrads((Params p, Tensor one) -> model.with(p).apply(one).square().sum(), params, x);
        Params all = Autodiff.grad((Params p) -> model.with(p).apply(x).square().sum(), params);
        for (String key : params.names()) assertThat(each.get(key).sum(0).sub(all.get(key)).abs().max().item()).as(key).isLessThan(1e-10);
    }

    @Test
    void jacobianIsThatOfOneUnitAfterTheOther() {
        Model model = Gru.of(3, 2).init(Random.seed(1)).map(t -> t.to(DType.FLOAT64));
        Tensor x = Random.seed(2).normal(2, 4, 3).to(DType.FLOAT64);
        Tensor jacobian = Autodiff.jacobian(z -> model.apply(z).get(Slice.all(), Slice.at(-1)), x).reshape(4, 24);
        for (int i = 0; i < 4; i++) {
            Tensor unit = Tensor.eye(4, DType.FLOAT64).get(i).reshape(2, 2);
            Tensor row = Autodiff.vjp(z -> model.apply(z).get(Slice.all(), Slice.at(-1)), x, unit).cotangent().reshape(24);
            assertThat(jacobian.get(i).sub(row).abs().max().item()).isLessThan(1e-12);
        }
    }

    @Test
    void theLastStateContinuesASequence() {
        Lstm lstm = Lstm.of(3, 5).withLayers(2);
        Bound at = lstm.init(Random.seed(1)).bind(Pass.eval());
        Tensor x = Random.seed(2).normal(2, 7, 3);
        Lstm.Output first = lstm.run(x.narrow(1, 0, 4), null, null, at);
        Lstm.Output second = lstm.run(x.narrow(1, 4, 7), first.h(), first.c(), at);
        assertThat(Tensor.concat(List.of(first.y(), second.y()), 1).toFloats()).containsExactly(lstm.forward(x, at).toFloats());
    }

    @Test
    void dropoutActsBetweenLayersInTrainingAlone() {
        Rnn one = Rnn.of(3, 5).withDropout(0.5);
        Rnn two = Rnn.of(3, 5).withLayers(2).withDropout(0.5);
        Tensor x = Random.seed(2).normal(2, 7, 3);
        assertThat(changedByTraining(one, x)).isFalse();
        assertThat(changedByTraining(two, x)).isTrue();
    }

    private static boolean changedByTraining(Rnn layer, Tensor x) {
        Model model = layer.init(Random.seed(1));
        return model.apply(x).sub(model.apply(x, Pass.train(Random.seed(3)))).abs().max().item() > 0;
    }

    @Test
    void errorsQuoteWhatIsWrong() {
        assertThatThrownBy(() -> Lstm.of(0, 4)).hasMessageContaining("Lstm: in 0");
        assertThatThrownBy(() -> Gru.of(3, 4).withLayers(0)).hasMessageContaining("layers 0");
        assertThatThrownBy(() -> Rnn.of(3, 4).withDropout(1)).hasMessageContaining("dropout is 1.0");
        Model model = Gru.of(3, 4).init(Random.seed(1));
        assertThatThrownBy(() -> model.apply(Tensor.zeros(2, 5, 4))).hasMessageContaining("[2, 5, 4]").hasMessageContaining("3)");
        assertThatThrownBy(() -> Gru.of(3, 4).run(Tensor.zeros(2, 5, 3), Tensor.zeros(2, 4), model.bind(Pass.eval()))).hasMessageContaining("[2, 4]").hasMessageContaining("[1, 2, 4]");
    }
}
