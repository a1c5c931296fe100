package lemma.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import lemma.autodiff.Autodiff;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Slice;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The LSTM with layer norm beside the numbers of normalisation_fixtures.py. */
class LayerNormLstmTest {
    private static final FixtureFile ALL = FixtureFile.of("normalisation.safetensors");

    private record Case(String name, DType type, LayerNormLstm module, Params f, Params params) {
        static Case of(String name, int in, int hidden, DType type) {
            Params f = ALL.under(name).map(t -> t.to(type));
            Params params = ALL.under(name + "/params").map(t -> t.to(type));
            return new Case(name, type, LayerNormLstm.of(in, hidden), f, params);
        }

        LayerNormLstm.Output run(Params p) {
            Model model = new Model(module, p, Params.EMPTY);
            return module.run(p.get("x"), new LayerNormLstmCell.State(p.get("h"), p.get("c")), model.bind(Pass.eval()));
        }

        Params point() {
            return params.with("x", f.get("x")).with("h", f.get("h")).with("c", f.get("c"));
        }

        Tensor loss(Params p) {
            LayerNormLstm.Output out = run(p);
            return out.y().mul(f.get("u")).sum().add(out.last().c().mul(f.get("v")).sum());
        }

        void near(String what, Tensor ours, double tolerance) {
            Tensor expected = ALL.get(name + "/" + what);
            assertThat(ours.shape()).as(what).isEqualTo(expected.shape());
            double scale = Math.max(1, expected.abs().max().item());
            assertThat(ours.to(DType.FLOAT64).sub(expected).abs().max().item() / scale).as(what).isCloseTo(0, within(tolerance));
        }
    }

    @ParameterizedTest
    @CsvSource({"lstm,3,4", "lstm_one,2,3", "lstm_wide,5,37"})
    void agreesWithALoopOfPyTorchsModules(String name, int in, int hidden) {
        check(Case.of(name, in, hidden, DType.FLOAT64), 1e-9);
        check(Case.of(name, in, hidden, DType.FLOAT32), 1e-4);
    }

    private static void check(Case c, double tolerance) {
        LayerNormLstm.Output out = c.run(c.point());
        c.near("y", out.y(), tolerance);
        c.near("last_h", out.last().h(), tolerance);
        c.near("last_c", out.last().c(), tolerance);
        c.near("zero", new Model(c.module, c.params, Params.EMPTY).apply(c.f.get("x")), tolerance);
        Params g = Autodiff.grad(c::loss, c.point());
        for (String key : c.point().names()) c.near("grads/" + (c.params.has(key) ? "params/" : "") + key, g.get(key), tolerance);
    }

    @ParameterizedTest
    @CsvSource({"lstm,3,4", "lstm_one,2,3", "lstm_wide,5,37"})
    void gradientsOfGradientsAgree(String name, int in, int hidden) {
        Case c = Case.of(name, in, hidden, DType.FLOAT64);
        Tensor x = c.f.get("x");
        Params twice = Autodiff.grad(p -> Autodiff.grad(z -> c.loss(p.with("x", z).with("h", c.f.get("h")).with("c", c.f.get("c"))), x).mul(x).sum(), c.params);
        for (String key : c.params.names()) c.near("twice/" + key, twice.get(key), 1e-9);
    }

    @Test
    void stepsOfTheCellAreTheSequence() {
        LayerNormLstm layer = LayerNormLstm.of(3, 5);
        Bound at = layer.init(Random.seed(1)).map(t -> t.to(DType.FLOAT64)).bind(Pass.eval());
        Tensor x = Random.seed(2).normal(2, 6, 3).to(DType.FLOAT64);
        LayerNormLstmCell.State state = layer.cell().zeros(x);
        for (int t = 0; t < 6; t++) state = layer.cell().step(x.get(Slice.all(), Slice.at(t)), state, at);
        assertThat(layer.forward(x, at).get(Slice.all(), Slice.at(5)).sub(state.h()).abs().max().item()).isLessThan(1e-12);
    }

    @Test
    void theLastStateContinuesASequence() {
        LayerNormLstm layer = LayerNormLstm.of(3, 5);
        Bound at = layer.init(Random.seed(1)).bind(Pass.eval());
        Tensor x = Random.seed(2).normal(2, 7, 3);
        LayerNormLstm.Output first = layer.run(x.narrow(1, 0, 4), null, at);
        Tensor rest = layer.run(x.narrow(1, 4, 7), first.last(), at).y();
        assertThat(rest.sub(layer.forward(x, at).narrow(1, 4, 7)).abs().max().item()).isLessThan(1e-6);
    }

    @Test
    void scalingTheRecurrentWeightsChangesNothing() {
        Model model = LayerNormLstm.of(3, 5).withEps(0).init(Random.seed(1)).map(t -> t.to(DType.FLOAT64));
        Tensor x = Random.seed(2).normal(2, 7, 3).to(DType.FLOAT64);
        Bound at = model.bind(Pass.eval());
        Bound scaled = at.withParam("weight_hh", at.param("weight_hh").mul(7)).withParam("weight_ih", at.param("weight_ih").mul(3));
        LayerNormLstm layer = (LayerNormLstm) model.module();
        // not zeros: their product has no spread, and without eps no norm
        LayerNormLstmCell.State start = new LayerNormLstmCell.State(Random.seed(3).normal(2, 5).to(DType.FLOAT64), Random.seed(4).normal(2, 5).to(DType.FLOAT64));
        assertThat(layer.run(x, start, scaled).y().sub(layer.run(x, start, at).y()).abs().max().item()).isLessThan(1e-12);
    }

    @Test
    void errorsQuoteWhatIsWrong() {
        assertThatThrownBy(() -> LayerNormLstm.of(0, 4)).hasMessageContaining("in 0");
        assertThatThrownBy(() -> LayerNormLstm.of(3, 4).withEps(-1)).hasMessageContaining("eps -1.0");
        Model model = LayerNormLstm.of(3, 4).init(Random.seed(1));
        assertThatThrownBy(() -> model.apply(Tensor.zeros(2, 5, 4))).hasMessageContaining("[2, 5, 4]").hasMessageContaining("time step, 3)");
        assertThatThrownBy(() -> model.apply(Tensor.zeros(2, 0, 3))).hasMessageContaining("[2, 0, 3]");
        LayerNormLstmCell.State wrong = new LayerNormLstmCell.State(Tensor.zeros(2, 3), Tensor.zeros(2, 4));
        assertThatThrownBy(() -> LayerNormLstm.of(3, 4).run(Tensor.zeros(2, 5, 3), wrong, model.bind(Pass.eval()))).hasMessageContaining("h [2, 3]").hasMessageContaining("expected [2, 4]");
    }
}
