package lemma.ntk;

import static lemma.ntk.Stax.conv;
import static lemma.ntk.Stax.dense;
import static lemma.ntk.Stax.elementwise;
import static lemma.ntk.Stax.erf;
import static lemma.ntk.Stax.fanInConcat;
import static lemma.ntk.Stax.fanInSum;
import static lemma.ntk.Stax.flatten;
import static lemma.ntk.Stax.globalAvgPool;
import static lemma.ntk.Stax.identity;
import static lemma.ntk.Stax.layerNorm;
import static lemma.ntk.Stax.relu;
import static lemma.ntk.Stax.selfAttention;
import static lemma.ntk.Stax.serial;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lemma.autodiff.Autodiff;
import lemma.dynamics.CoordinateCheck;
import lemma.nn.Model;
import lemma.nn.Params;
import lemma.optim.Adam;
import lemma.optim.Groups;
import lemma.optim.Optimiser;
import lemma.optim.Sgd;
import lemma.scaling.PowerLawFit;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks in the mean-field and the maximal-update parametrisation beside microsoft/mup, exponents of the literature, and networks of finite width. */
class ParametrizationTest {
    private static final JsonObject MUP = NeuralTangents.cases("mup.json");
    private static final double NONE = Double.NaN;
    private static final Network TANH = elementwise("tanh", Tensor::tanh);
    private static final int SEEDS = 60;

    private static Network perceptron(int width, int hidden, double first, double bias, int outputs) {
        List<Network> parts = new ArrayList<>();
        for (int l = 0; l < hidden; l++) parts.addAll(List.of(dense(width, l == 0 ? first : 1, bias), TANH));
        parts.add(dense(outputs, 1, bias));
        return serial(parts.toArray(Network[]::new));
    }

    private static Tensor[] trained(Model model, Optimiser optimiser, Tensor x, Tensor y, int steps) {
        Function<Params, Tensor> loss = p -> model.with(p).apply(x).sub(y).square().sum().div(2);
        Params p = model.params();
        Optimiser.State state = optimiser.init(p);
        Tensor[] outputs = new Tensor[steps];
        for (int t = 0; t < steps; t++) {
            outputs[t] = model.with(p).apply(x);
            Optimiser.Update update = optimiser.step(p, Autodiff.grad(loss, p), state);
            p = update.params();
            state = update.state();
        }
        return outputs;
    }

    private static void same(Tensor[] ours, Tensor[] theirs, double tolerance) {
        for (int t = 0; t < ours.length; t++) near(ours[t], theirs[t], tolerance, "step " + t);
        assertThat(ours[ours.length - 1].sub(ours[0]).abs().max().item()).as("learnt").isGreaterThan(0.1);
    }

    private static void near(Tensor ours, Tensor theirs, double tolerance, String what) {
        assertThat(ours.sub(theirs).abs().max().item()).as(what).isLessThan(tolerance * Math.max(1e-3, theirs.abs().max().item()));
    }

    private static Model inDouble(Network net, int seed, int... in) {
        return net.init(Random.seed(seed), in).map(t -> t.to(DType.FLOAT64));
    }

    // ---- finite networks ----

    @ParameterizedTest
    @ValueSource(strings = {"sgd", "momentum", "adam"})
    void maximalUpdatesAreThoseOfMicrosoftsMup(String rule) {
        int n = 12;
        Tensor x = NeuralTangents.tensor(MUP.get("x"));
        Tensor y = NeuralTangents.tensor(MUP.get("y"));
        JsonObject params = MUP.getAsJsonObject("params");
        for (Parametrization p : List.of(Parametrization.MUP, Parametrization.MEAN_FIELD)) {
            Network net = perceptron(n, 2, Math.sqrt(6), 1, 2).parametrized(p);
            double hidden = p == Parametrization.MUP ? 1 : Math.sqrt(n);
            Params start = inDouble(net, 1, 6).params().mapNamed((name, value) -> {
                Tensor theirs = NeuralTangents.tensor(params.get(name));
                boolean weight = name.equals("2.weight");
                return name.equals("4.bias") || weight ? theirs.mul(hidden) : theirs.mul(hidden / Math.sqrt(n)); // effective weights are equal
            });
            Optimiser optimiser = switch (rule) {
                case "sgd" -> Sgd.of(0.01 * net.sgdFactor(Shape.of(6)));
                case "momentum" -> Sgd.of(0.005 * net.sgdFactor(Shape.of(6))).withMomentum(0.9);
                default -> Groups.byFactor(net.adamFactors(Shape.of(6)), f -> Adam.of(0.02 * f).withEps(0));
            };
            Tensor[] ours = trained(inDouble(net, 1, 6).with(start), optimiser, x, y, 12);
            Tensor[] theirs = IntStream.range(0, 12).mapToObj(t -> NeuralTangents.tensor(MUP.getAsJsonArray(rule).get(t))).toArray(Tensor[]::new);
            same(ours, theirs, 1e-9);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Parametrization.class, names = {"NTK", "MEAN_FIELD", "MUP"})
    void perceptronsAreThoseOfTheAbcParametrisation(Parametrization p) {
        int n = 20;
        Tensor x = Random.seed(1).normal(Shape.of(10, 5), DType.FLOAT64);
        Tensor y = Random.seed(2).normal(Shape.of(10, 2), DType.FLOAT64);
        for (int hidden = 1; hidden <= 3; hidden++) {
            Network net = perceptron(n, hidden, Math.sqrt(5), NONE, 2).parametrized(p);
            AbcParametrization abc = p.abc(hidden);
            Model theirs = new AbcMlp(abc, Tensor::tanh, 5, n, 2).init(Random.seed(3)).map(t -> t.to(DType.FLOAT64));
            Params start = inDouble(net, 3, 5).params().mapNamed((name, w) -> theirs.params().get("w" + (Integer.parseInt(name.split("\\.")[0]) / 2 + 1)));
            Tensor[] ours = trained(inDouble(net, 3, 5).with(start), Sgd.of(0.02 * net.sgdFactor(Shape.of(5))), x, y, 10);
            same(ours, trained(theirs, Sgd.of(abc.learningRate(0.02, n)), x, y, 10), 1e-10);
        }
    }

    static Stream<Arguments> equalWidths() {
        Network hidden = dense(16, 1.3, 0.4);
        Network attention = selfAttention(16, 4, 4, AttentionWeights.DOT_PRODUCT, 0.9, 1.1, 0.3);
        return Stream.of(
                Arguments.of("perceptron", serial(hidden, relu(), hidden, erf(), dense(2, 1.1, 0.3)), Shape.of(5), 16),
                Arguments.of("residual", serial(hidden, layerNorm(), fanInSum(identity(), serial(relu(), hidden)), TANH, dense(2, 1.1, NONE)), Shape.of(5), 16),
                Arguments.of("concat", serial(hidden, fanInConcat(serial(relu(), dense(8, 1.2, NONE)), serial(TANH, dense(8, 0.8, NONE))), dense(16, 1.1, 0.3), relu(), dense(2, 1.1, 0.3)), Shape.of(5), 16),
                Arguments.of("convolutions", serial(conv(16, 3, 1, Padding.SAME, 1.3, 0.3), relu(), conv(16, 2, 2, Padding.VALID, 1.2, 0.2), relu(), globalAvgPool(), dense(2, 1.1, 0.3)), Shape.of(3, 4, 4), 16),
                Arguments.of("attention", serial(conv(16, 1, 1.3, 0.3), relu(), attention, relu(), globalAvgPool(), dense(2, 1.1, 0.3)), Shape.of(3, 4), 16),
                Arguments.of("attention first", serial(attention, relu(), globalAvgPool(), dense(2, 1.1, 0.3)), Shape.of(3, 4), 16),
                Arguments.of("attention last", serial(conv(16, 1, 1.3, 0.3), relu(), selfAttention(2, 4, 4, AttentionWeights.TIED_SOFTMAX, 0.9, 1.1, 0.3), globalAvgPool()), Shape.of(3, 4), 16));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("equalWidths")
    void meanFieldAndMaximalUpdateLearnTheSameFunctions(String name, Network net, Shape in, int n) {
        Tensor x = Random.seed(1).normal(Shape.of(IntStream.concat(IntStream.of(6), IntStream.of(in.dims())).toArray()), DType.FLOAT64);
        Tensor y = Random.seed(2).normal(Shape.of(6, 2), DType.FLOAT64).mul(0.5);
        Network meanField = net.parametrized(Parametrization.MEAN_FIELD);
        Network muP = net.parametrized(Parametrization.MUP);
        assertThat(meanField.sgdFactor(in)).isEqualTo(n);
        assertThat(muP.sgdFactor(in)).isEqualTo(1);
        assertThat(muP.adamFactors(in).keySet()).containsExactlyInAnyOrderElementsOf(muP.init(Random.seed(1), in.dims()).params().names());
        Model first = meanField.init(Random.seed(3), in.dims()).map(t -> t.to(DType.FLOAT64));
        Model second = muP.init(Random.seed(3), in.dims()).map(t -> t.to(DType.FLOAT64)); // the same draws, so the same function but for rounding of FLOAT32
        same(trained(first, Sgd.of(0.02 * n), x, y, 12), trained(second, Sgd.of(0.02), x, y, 12), 1e-4);
        Optimiser adam = Groups.byFactor(meanField.adamFactors(in), f -> Adam.of(0.02 * f).withEps(1e-30));
        same(trained(first, adam, x, y, 8), trained(second, Groups.byFactor(muP.adamFactors(in), f -> Adam.of(0.02 * f).withEps(1e-30)), x, y, 8), 1e-3);
    }

    // ---- infinite width ----

    @ParameterizedTest(name = "{0}")
    @MethodSource("equalWidths")
    void withEqualWidthsTheTangentKernelIsThatOfNtkAndTheNngpFallsAsOneOverTheWidth(String name, Network net, Shape in, int n) {
        Tensor x = Random.seed(1).normal(Shape.of(IntStream.concat(IntStream.of(4), IntStream.of(in.dims())).toArray()), DType.FLOAT64);
        NetworkKernel ntk = net.kernel(x);
        for (Parametrization p : List.of(Parametrization.MEAN_FIELD, Parametrization.MUP, Parametrization.NTK)) {
            NetworkKernel k = net.parametrized(p).kernel(x);
            near(k.ntk(), ntk.ntk(), 1e-13, p + " NTK of " + name);
            near(k.nngp().mul(p == Parametrization.NTK ? 1 : n), ntk.nngp(), 1e-13, p + " NNGP of " + name);
        }
    }

    /** {@code f = v^T U x / n}: every weight's part is {@code x . x'}, the variance of the output {@code x . x' / n}. */
    @Test
    void linearNetworksHaveClosedForms() {
        Tensor x = Random.seed(1).normal(Shape.of(5, 3), DType.FLOAT64);
        Tensor gram = x.matmul(x.t()).div(3);
        for (Parametrization p : List.of(Parametrization.MEAN_FIELD, Parametrization.MUP)) {
            NetworkKernel k = serial(dense(50, 1.5, NONE), dense(1, 0.8, NONE)).parametrized(p).kernel(x);
            near(k.nngp(), gram.mul(1.5 * 1.5 * 0.8 * 0.8 / 50), 1e-13, p.name());
            near(k.ntk(), gram.mul(2 * 1.5 * 1.5 * 0.8 * 0.8), 1e-13, p.name());
        }
        // three layers of unequal widths: n_1 / n_2 enters, {@code |W3 W2|^2 n_1, |W3|^2 |W1 x|^2, |W2 W1 x|^2 / n_2}
        NetworkKernel k = serial(dense(20, 1, NONE), dense(80, 1, NONE), dense(1, 1, NONE)).parametrized(Parametrization.MUP).kernel(x);
        near(k.ntk(), gram.mul(20 / 80.0 + 20 / 80.0 + 1), 1e-13, "unequal");
    }

    static Stream<Arguments> wide() {
        Network hidden = dense(192, 1.3, 0.3);
        List<Arguments> all = new ArrayList<>();
        for (Parametrization p : List.of(Parametrization.MEAN_FIELD, Parametrization.MUP)) {
            all.add(Arguments.of(p, serial(hidden, relu(), dense(128, 1.2, 0.2), TANH, dense(4, 1.1, 0.3)), new int[] {5}));
            all.add(Arguments.of(p, serial(conv(96, 3, 1, Padding.SAME, 1.3, 0.3), relu(), conv(64, 2, 2, Padding.VALID, 1.2, NONE), relu(), flatten(), dense(4, 1.1, 0.3)), new int[] {2, 4}));
            all.add(Arguments.of(p, serial(conv(256, 1, 1.3, 0.3), relu(), selfAttention(128, 64, 2, AttentionWeights.DOT_PRODUCT, 0.8, 0.7, 0.3), globalAvgPool(), dense(4, 1.1, 0.3)), new int[] {3, 3}));
            all.add(Arguments.of(p, serial(hidden, fanInSum(identity(), serial(relu(), hidden)), erf(), dense(4, 1.1, NONE)), new int[] {5}));
        }
        return all.stream();
    }

    /** Means over random networks, to 4 standard errors and 2 % for the finite width. */
    @ParameterizedTest
    @MethodSource("wide")
    void kernelsOfRandomNetworksAreTheLimits(Parametrization p, Network described, int[] in) {
        Network net = described.parametrized(p);
        Tensor x = Random.seed(5).normal(Shape.of(IntStream.concat(IntStream.of(3), IntStream.of(in)).toArray()), DType.FLOAT32);
        NetworkKernel limit = net.kernel(x);
        List<Tensor> ntk = new ArrayList<>();
        List<Tensor> nngp = new ArrayList<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            NetworkKernel k = Kernels.of(net.init(Random.seed(seed), in)).empirical(x, x).kernel();
            ntk.add(k.ntk());
            nngp.add(k.nngp());
        }
        withinErrors(p + " NTK", Tensor.stack(ntk, 0), limit.ntk(), 0.05);
        withinErrors(p + " NNGP", Tensor.stack(nngp, 0), limit.nngp(), 0.2);
    }

    private static void withinErrors(String what, Tensor draws, Tensor limit, double largestError) {
        double scale = limit.abs().max().item();
        double error = draws.std(1, 0).max().item() / Math.sqrt(SEEDS);
        assertThat(draws.mean(0).sub(limit).abs().max().item()).as("%s, standard error %s", what, error).isLessThan(4 * error + 0.02 * scale);
        assertThat(error).as(what).isLessThan(largestError * scale);
    }

    @ParameterizedTest
    @EnumSource(value = Parametrization.class, names = {"MEAN_FIELD", "MUP"})
    void tangentKernelsConvergeAtOneOverRootWidth(Parametrization p) {
        double[] widths = {64, 256, 1024};
        Tensor x = Random.seed(5).normal(3, 5);
        double[] far = new double[widths.length];
        for (int w = 0; w < widths.length; w++) {
            Network net = perceptron((int) widths[w], 2, 1.3, 0.2, 1).parametrized(p);
            Tensor limit = net.kernel(x).ntk();
            for (int seed = 0; seed < 20; seed++) {
                Model model = net.init(Random.seed(seed), 5);
                far[w] += Scope.run(() -> Kernels.of(model).empirical(x, x).ntk().sub(limit).square().mean()).item() / 20;
            }
            far[w] = Math.sqrt(far[w]);
        }
        assertThat(PowerLawFit.of(widths, far).beta()).isBetween(-0.6, -0.4);
    }

    @ParameterizedTest
    @EnumSource(value = Parametrization.class, names = {"NTK", "MEAN_FIELD", "MUP"})
    void aSmallStepFollowsTheTangentKernel(Parametrization p) {
        Network net = perceptron(40, 2, 1.3, 0.2, 1).parametrized(p);
        Tensor x = Random.seed(5).normal(Shape.of(4, 5), DType.FLOAT64);
        Tensor y = Random.seed(6).normal(Shape.of(4, 1), DType.FLOAT64);
        Model model = inDouble(net, 1, 5);
        double eta = 1e-7;
        Tensor[] f = trained(model, Sgd.of(eta * net.sgdFactor(Shape.of(5))), x, y, 2);
        Tensor expected = Kernels.of(model).empirical(x, x).ntk().matmul(y.sub(f[0]));
        near(f[1].sub(f[0]).div(eta), expected, 1e-5, p.name());
    }

    /** Coordinates of every layer move by as much at any width in MUP and MEAN_FIELD; in NTK those of hidden layers by {@code 1/sqrt(n)}, outputs by one. */
    @Test
    void coordinatesMoveAsThePaperSays() {
        int[] widths = {64, 256, 1024, 4096};
        Tensor x = Random.seed(1).normal(16, 8);
        Tensor y = x.narrow(1, 0, 1).mul(2).sin();
        for (Parametrization p : List.of(Parametrization.NTK, Parametrization.MEAN_FIELD, Parametrization.MUP)) {
            boolean learns = p != Parametrization.NTK;
            exponents(p, x, y, widths, learns ? 0 : -0.5, (net, in) -> Sgd.of(0.2 * net.sgdFactor(in)));
            if (learns) exponents(p, x, y, widths, 0, (net, in) -> Groups.byFactor(net.adamFactors(in), f -> Adam.of(0.01 * f).withEps(1e-30)));
        }
    }

    private interface Rule {
        Optimiser of(Network net, Shape in);
    }

    /** Means over four networks of every width. */
    private static void exponents(Parametrization p, Tensor x, Tensor y, int[] widths, double hidden, Rule rule) {
        Shape in = Shape.of(8);
        Function<Integer, Network> net = n -> perceptron(n, 2, 1, NONE, 1).parametrized(p);
        List<CoordinateCheck> checks = IntStream.range(0, 4).mapToObj(seed ->
                CoordinateCheck.run(n -> net.apply(n).init(Random.seed(seed), 8), n -> rule.of(net.apply(n), in), x, f -> f.sub(y).square().mean(), 2, widths)).toList();
        assertThat(checks.getFirst().movement()).containsOnlyKeys("0", "2", "4");
        for (String layer : List.of("0", "2", "4")) {
            double exponent = checks.stream().mapToDouble(c -> c.exponent(layer)).average().orElseThrow();
            assertThat(exponent).as(p + " layer " + layer).isCloseTo(layer.equals("4") ? 0 : hidden, within(0.1));
        }
    }

    @Test
    void wrongDescriptionsSayWhatToDo() {
        assertThatThrownBy(() -> dense(8, 1, 0, Parametrization.MUP)).hasMessageContaining("MUP scales layers by their place").hasMessageContaining("parametrized(MUP)");
        assertThatThrownBy(() -> conv(8, 3, 1, Padding.SAME, 1, 0, Parametrization.MEAN_FIELD)).hasMessageContaining("MEAN_FIELD");
        Network open = serial(dense(8), fanInSum(identity(), serial(relu(), dense(8))));
        assertThatThrownBy(() -> open.parametrized(Parametrization.MUP)).hasMessageContaining("1 of 2 branches").hasMessageContaining("end the network with a dense");
        assertThat(open.parametrized(Parametrization.STANDARD).hasWeights()).isTrue();
        Network two = serial(dense(8), relu(), fanInConcat(dense(2), dense(3)));
        assertThat(two.parametrized(Parametrization.MUP).sgdFactor(Shape.of(4))).isEqualTo(1);
        assertThatThrownBy(() -> two.parametrized(Parametrization.MEAN_FIELD)).hasMessageContaining("2 of 2 branches").hasMessageContaining("one output layer");
        Network attention = selfAttention(8, 1, 4, AttentionWeights.TIED, 1, 1, 0);
        assertThatThrownBy(() -> attention.parametrized(Parametrization.STANDARD)).hasMessageContaining("no standard parametrisation");
        assertThatThrownBy(() -> AbcParametrization.meanField(0)).hasMessageContaining("0 hidden");
    }
}
