package lemma.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import lemma.autodiff.Autodiff;
import lemma.autodiff.GradCheck;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

class PowerNormTest {
    private static final int ROWS = 6;
    private static final int FEATURES = 3;

    private static Tensor normal(long seed, int... shape) {
        return Random.seed(seed).normal(Shape.of(shape), DType.FLOAT64);
    }

    private static Model model(Module module) {
        Params params = Params.of("weight", normal(1, FEATURES)).with("bias", normal(2, FEATURES));
        return new Model(module, params, module.state().map(t -> t.to(DType.FLOAT64)));
    }

    /** The recursion of one feature in plain numbers. */
    private static final class Scalar {
        double psi2;
        double nu;
        boolean started;
        double[] y = new double[ROWS];
        double[] dx = new double[ROWS];

        void step(double[] x, double[] dy, double gamma, double beta, double a, double eps) {
            double square = 0;
            for (double v : x) square += v * v / ROWS;
            if (!started) psi2 = square;
            started = true;
            double psi = Math.sqrt(psi2 + eps);
            double power = 0;
            double along = 0;
            for (int i = 0; i < ROWS; i++) {
                double normal = x[i] / psi;
                double g = gamma * dy[i];
                y[i] = gamma * normal + beta;
                dx[i] = (g - nu * normal) / psi;
                power += normal * normal / ROWS;
                along += g * normal / ROWS;
            }
            nu = nu * (1 - (1 - a) * power) + (1 - a) * along;
            psi2 = a * psi2 + (1 - a) * square;
        }
    }

    @Test
    void forwardBackwardAndStateAreTheRecursionOfThePaper() {
        Model model = model(PowerNorm.of(FEATURES).withMomentum(0.8));
        Scalar[] reference = {new Scalar(), new Scalar(), new Scalar()};
        for (int t = 0; t < 5; t++) {
            Tensor x = normal(10 + t, ROWS, FEATURES).mul(t + 1);
            Tensor dy = normal(20 + t, ROWS, FEATURES);
            Pass pass = Pass.train(Random.seed(0));
            Model now = model;
            Autodiff.ValueAndGrad<Tensor> vg = Autodiff.valueAndGrad(z -> now.apply(z, pass).mul(dy).sum(), x);
            Tensor y = model.apply(x, Pass.train(Random.seed(0)));
            model = model.withState(pass.state(model.state()));
            for (int f = 0; f < FEATURES; f++) {
                double[] column = x.t().get(f).toDoubles();
                reference[f].step(column, dy.t().get(f).toDoubles(), model.params().get("weight").get(f).item(), model.params().get("bias").get(f).item(), 0.8, 1e-5);
                assertThat(y.t().get(f).toDoubles()).containsExactly(reference[f].y, within(1e-12));
                assertThat(vg.grad().t().get(f).toDoubles()).containsExactly(reference[f].dx, within(1e-12));
                assertThat(model.state().get("nu").get(f).item()).isCloseTo(reference[f].nu, within(1e-12));
                assertThat(model.state().get("running_psi2").get(f).item()).isCloseTo(reference[f].psi2, within(1e-12));
            }
        }
        assertThat(model.state().get("steps").item()).isEqualTo(5);
    }

    @Test
    void gradientsOfGradientsAreThoseOfTheApproximateGradient() {
        Model model = model(PowerNorm.of(FEATURES));
        Tensor nu = normal(5, FEATURES);
        Tensor psi2 = normal(6, FEATURES).square().add(1);
        Model ready = model.withState(Params.of("running_psi2", psi2).with("nu", nu).with("steps", Tensor.ones(1)));
        Tensor x = normal(7, ROWS, FEATURES);
        Tensor v = normal(8, ROWS, FEATURES);
        Tensor w = normal(9, ROWS, FEATURES);
        Tensor found = Autodiff.grad(z -> Autodiff.grad(q -> ready.apply(q, Pass.train(Random.seed(0))).square().mul(w).sum().div(2), z).mul(v).sum(), x);
        Tensor gamma = model.params().get("weight");
        Tensor p = psi2.add(1e-5);
        // the outer derivative meets the rule twice: in y, where it hands on (h - nu xhat) / psi, and in nu xhat / psi itself
        Tensor psi = p.sqrt();
        Tensor normal = x.div(psi);
        // cotangent of y for the loss dX . v, with G = gamma w y
        Tensor h = gamma.mul(w).mul(gamma).mul(v.div(psi));
        Tensor expected = h.sub(nu.mul(normal)).div(psi).sub(nu.mul(v).div(p));
        assertThat(found.sub(expected).abs().max().item()).isLessThan(1e-12);
    }

    @Test
    void gradientsOfWeightAndBiasAreExact() {
        Model model = model(PowerNorm.of(FEATURES));
        Tensor x = normal(7, ROWS, FEATURES);
        var check = GradCheck.of((Tensor weight, Tensor bias) -> model.with(Params.of("weight", weight).with("bias", bias)).apply(x, Pass.train(Random.seed(0))).square().sum());
        assertThat(check.withOrder(2).check(model.params().get("weight"), model.params().get("bias")).error()).isLessThan(1e-6);
    }

    @Test
    void theBatchsOwnStatisticsHaveAnExactGradient() {
        Model model = model(PowerNormV.of(FEATURES));
        Tensor x = normal(7, 2, ROWS, FEATURES);
        Tensor u = normal(8, 2, ROWS, FEATURES);
        assertThat(GradCheck.of((Tensor z) -> model.apply(z, Pass.train(Random.seed(0))).mul(u).square().sum()).withOrder(2).check(x).error()).isLessThan(1e-6);
        Tensor found = Autodiff.grad(z -> model.apply(z, Pass.train(Random.seed(0))).mul(u).sum(), x).reshape(-1, FEATURES);
        Tensor rows = x.reshape(-1, FEATURES);
        Tensor psi = rows.square().mean(0).add(1e-5).sqrt();
        Tensor normal = rows.div(psi);
        Tensor g = u.reshape(-1, FEATURES).mul(model.params().get("weight"));
        Tensor closed = g.sub(normal.mul(g.mul(normal).mean(0))).div(psi);
        assertThat(found.sub(closed).abs().max().item()).isLessThan(1e-12);
    }

    @Test
    void warmUpIsThatOfTheBatchsOwnStatistics() {
        Tensor x = normal(7, ROWS, FEATURES);
        Tensor v = model(PowerNormV.of(FEATURES)).apply(x, Pass.train(Random.seed(0)));
        Model warm = model(PowerNorm.of(FEATURES).withWarmup(2));
        Model later = warm.withState(warm.state().with("running_psi2", normal(3, FEATURES).square()).with("steps", Tensor.ones(1)));
        assertThat(later.apply(x, Pass.train(Random.seed(0))).sub(v).abs().max().item()).isLessThan(1e-12);
        Model after = later.withState(later.state().with("steps", Tensor.full(Shape.of(1), DType.FLOAT64, 2)));
        assertThat(after.apply(x, Pass.train(Random.seed(0))).sub(v).abs().max().item()).isGreaterThan(0.1);
    }

    @Test
    void withoutCorrectionTheGradientIsThatOfADivision() {
        Model model = model(PowerNorm.of(FEATURES).withoutCorrection());
        Model ready = model.withState(model.state().with("nu", normal(5, FEATURES)).with("steps", Tensor.ones(1)));
        Tensor found = Autodiff.grad(z -> ready.apply(z, Pass.train(Random.seed(0))).sum(), normal(7, ROWS, FEATURES));
        Tensor expected = model.params().get("weight").div(Math.sqrt(1 + 1e-5)).expand(ROWS, FEATURES);
        assertThat(found.sub(expected).abs().max().item()).isLessThan(1e-12);
    }

    @Test
    void evaluationDividesByTheRunningMean() {
        for (Module module : new Module[] {PowerNorm.of(FEATURES), PowerNormV.of(FEATURES)}) {
            Model model = model(module);
            Tensor psi2 = normal(3, FEATURES).square();
            Tensor x = normal(7, 2, ROWS, FEATURES);
            Tensor expected = x.div(psi2.add(1e-5).sqrt()).mul(model.params().get("weight")).add(model.params().get("bias"));
            assertThat(model.withState(model.state().with("running_psi2", psi2)).apply(x).sub(expected).abs().max().item()).isLessThan(1e-12);
        }
    }

    @Test
    void errorsQuoteWhatIsWrong() {
        assertThatThrownBy(() -> PowerNorm.of(0)).hasMessageContaining("PowerNorm: channels 0");
        assertThatThrownBy(() -> PowerNorm.of(3).withMomentum(2)).hasMessageContaining("momentum 2.0");
        assertThatThrownBy(() -> PowerNorm.of(3).withWarmup(-1)).hasMessageContaining("warmup -1");
        assertThatThrownBy(() -> PowerNormV.of(3).withEps(-1)).hasMessageContaining("eps -1.0");
        assertThatThrownBy(() -> PowerNorm.of(4).init(Random.seed(1)).apply(Tensor.zeros(2, 3))).hasMessageContaining("[2, 3]").hasMessageContaining("last axis 4");
        assertThatThrownBy(() -> PowerNormV.of(4).init(Random.seed(1)).apply(Tensor.zeros(2, 3))).hasMessageContaining("[2, 3]").hasMessageContaining("last axis 4");
    }
}
