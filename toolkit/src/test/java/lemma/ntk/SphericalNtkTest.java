package lemma.ntk;

import static lemma.ntk.Stax.dense;
import static lemma.ntk.Stax.hermite;
import static lemma.ntk.Stax.serial;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SphericalNtkTest {
    private static final JsonObject CASES = NeuralTangents.cases("family.json");

    private static double[] only(int degree) {
        double[] a = new double[degree + 1];
        a[degree] = 1;
        return a;
    }

    @ParameterizedTest
    @ValueSource(strings = {"222", "312", "13"})
    void hermiteNetworksEqualNeuralTangents(String degrees) {
        JsonObject at = CASES.getAsJsonObject("hermite" + degrees);
        List<Network> parts = new ArrayList<>();
        for (char k : degrees.toCharArray()) parts.addAll(List.of(dense(1), hermite(only(k - '0'))));
        parts.add(dense(1));
        NetworkKernel k = serial(parts.toArray(Network[]::new)).kernel(NeuralTangents.tensor(at.get("x")));
        near(k.nngp(), NeuralTangents.tensor(at.get("nngp")), 1e-11);
        near(k.ntk(), NeuralTangents.tensor(at.get("ntk")), 1e-11);
    }

    @Test
    void logarithmsEqualNeuralTangents() {
        JsonObject at = CASES.getAsJsonObject("hermite222");
        Tensor x = NeuralTangents.tensor(at.get("x"));
        Tensor ntk = SphericalNtk.of(0, 0, 1).logKernel(x.matmul(x.t()).div(3), 3).exp();
        near(ntk, NeuralTangents.tensor(at.get("ntk")), 1e-12);
    }

    /** A mixture of degrees against the recursion of networks, which is tested by itself. */
    @Test
    void mixturesEqualTheRecursionOfNetworks() {
        double[] a = {0.3, 0.5, 0.4, Math.sqrt(1 - 0.5)};
        List<Network> parts = new ArrayList<>();
        for (int l = 0; l < 4; l++) parts.addAll(List.of(dense(1), hermite(a)));
        parts.add(dense(1));
        Tensor x = sphere(5, 3, 1);
        NetworkKernel k = serial(parts.toArray(Network[]::new)).kernel(x.mul(Math.sqrt(3)));
        near(SphericalNtk.of(a).logKernel(x.matmul(x.t()), 4).exp(), k.ntk(), 1e-11);
    }

    /** In plain numbers with {@code g = r/2 + r^3/2}, K and S divided by {@code A'^2} in each layer. */
    @Test
    void layersOfTinyCosinesInOneStepEqualTheLoop() {
        SphericalNtk ntk = SphericalNtk.optimal(2);
        Tensor r = Tensor.of(new double[] {1e-3, 0.4, 0.999}, 3);
        double[] loop = new double[3];
        for (int i = 0; i < 3; i++) {
            double cosine = r.get(i).item(), s = cosine, k = cosine;
            for (int l = 0; l < 500; l++) {
                s *= 1 + cosine * cosine;
                k = s + k * (1 + 3 * cosine * cosine);
                cosine = 0.5 * cosine + 0.5 * Math.pow(cosine, 3);
            }
            loop[i] = Math.log(k) - 500 * Math.log(2);
        }
        near(ntk.logKernel(r, 500), Tensor.of(loop, 3), 1e-12);
        Tensor deep = ntk.logKernel(r, 50_000_000).add(5e7 * Math.log(2) - Math.log(5e7 + 1));
        near(ntk.logLimit(r), deep, 1e-4); // K_L approaches it like 1 / L
    }

    @Test
    void polesHaveTheOrderOfTheDimension() {
        for (int d = 2; d <= 5; d++) {
            SphericalNtk ntk = SphericalNtk.optimal(d);
            assertThat(ntk.order()).isCloseTo(d, within(1e-12));
            assertThat(ntk.gain()).isCloseTo(2, within(1e-12));
            Tensor near = ntk.logLimit(Tensor.of(new double[] {1 - 1e-8, 1 - 2e-8, 1}, 3));
            assertThat(near.get(0).sub(near.get(1)).item()).isCloseTo(d / 2.0 * Math.log(2), within(1e-5));
            assertThat(near.get(2).item()).isInfinite();
        }
    }

    /** Regression with the deep kernel becomes the smoother with the pole, the nearest neighbour, or the vote. */
    @Test
    void deepNetworksBecomeTheirLimits() {
        Tensor x = sphere(60, 3, 2), z = sphere(40, 3, 3);
        Tensor y = Tensor.where(Random.seed(4).uniform(60).lt(0.65), Tensor.ones(60), Tensor.ones(60).neg()).to(DType.FLOAT64);
        SphericalNtk singular = SphericalNtk.optimal(2);
        assertThat(singular.limit()).isEqualTo(SphericalNtk.Limit.SINGULAR_KERNEL);
        Tensor smooth = singular.infinitelyDeep(x, y).predict(z);
        Tensor scores = singular.scores(x, y, z, 100_000);
        assertThat(scores.sign().ne(smooth.sign()).to(DType.FLOAT64).mean().item()).isLessThanOrEqualTo(0.05);
        Tensor nearest = y.indexSelect(0, z.matmul(x.t()).argmax(1));
        assertThat(SphericalNtk.of(0, 0, 1).scores(x, y, z, 40).sign().sub(nearest).abs().max().item()).isZero();
        double vote = Math.signum(y.sum().item());
        assertThat(SphericalNtk.of(0.5, 0.5, Math.sqrt(0.5)).scores(x, y, z, 100).sign().sub(vote).abs().max().item()).isZero();
    }

    /** Against the weights of the limit kernel itself. */
    @Test
    void theTableIsFineEnough() {
        Tensor x = sphere(50, 4, 5), z = sphere(20, 4, 6);
        Tensor y = Random.seed(7).normal(Shape.of(50), DType.FLOAT64);
        SphericalNtk ntk = SphericalNtk.optimal(3);
        Tensor exact = ntk.logLimit(z.matmul(x.t())).softmax(1).matmul(y);
        near(ntk.infinitelyDeep(x, y).predict(z), exact, 1e-6);
        near(ntk.infinitelyDeep(x, y).predict(x), y, 1e-9);
    }

    @Test
    void wrongArgumentsAreQuoted() {
        assertThatThrownBy(() -> SphericalNtk.of(0, 1, 1)).hasMessageContaining("add up to 2.0");
        assertThatThrownBy(() -> SphericalNtk.of(1)).hasMessageContaining("constant");
        assertThatThrownBy(() -> SphericalNtk.optimal(1)).hasMessageContaining("dimension 1");
        assertThatThrownBy(() -> SphericalNtk.of(0, 0, 1).order()).hasMessageContaining("no singular kernel");
        assertThatThrownBy(() -> SphericalNtk.optimal(2).logLimit(Tensor.of(new double[] {-0.1}, 1))).hasMessageContaining("-0.1");
        assertThatThrownBy(() -> SphericalNtk.optimal(2).logKernel(Tensor.ones(1), 3)).hasMessageContaining("FLOAT32");
    }

    private static Tensor sphere(int n, int d, int seed) {
        Tensor g = Random.seed(seed).normal(Shape.of(n, d), DType.FLOAT64).abs();
        return g.div(g.square().sumKeep(1).sqrt());
    }

    private static void near(Tensor ours, Tensor theirs, double relative) {
        assertThat(ours.shape()).isEqualTo(theirs.shape());
        assertThat(ours.sub(theirs).abs().max().item()).isLessThan(relative * Math.max(1, theirs.abs().max().item()));
    }
}
