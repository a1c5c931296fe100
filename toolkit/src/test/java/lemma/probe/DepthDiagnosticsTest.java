package lemma.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import lemma.autodiff.Autodiff;
import lemma.nn.DeepTransformer;
import lemma.nn.Embedding;
import lemma.nn.LayerNorm;
import lemma.nn.Model;
import lemma.nn.Pass;
import lemma.nn.Sequential;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

class DepthDiagnosticsTest {
    private static final DeepTransformer STACK = DeepTransformer.of(3, 4, 2);
    private static final Tensor TOKENS = Random.seed(1).integers(0, 7, 2, 5);

    private static Model model() {
        return Sequential.of(Embedding.of(7, 4), STACK).init(Random.seed(2)).map(t -> t.to(DType.FLOAT64));
    }

    /** The blocks one after the other, without one; the last entry is the output. */
    private static Tensor[] outputs(Model model, int without) {
        var at = model.bind(Pass.eval());
        Tensor[] all = new Tensor[4];
        Tensor y = Embedding.of(7, 4).forward(TOKENS, at.child("0"));
        for (int l = 0; l < 3; l++) all[l] = y = l == without ? y : STACK.block(l, y, at.child("1"));
        all[3] = LayerNorm.of(4).forward(y, at.child("1").child("norm"));
        return all;
    }

    @Test
    void variancesAndAnglesAreThoseOfTheBlocksOneAfterTheOther() {
        Model model = model();
        Tensor[] y = outputs(model, -1);
        DepthDiagnostics d = new DepthDiagnostics(model, "1", 3);
        double[] variances = d.variances(TOKENS);
        double[] angles = d.angularDistances(TOKENS, 1);
        assertThat(angles).hasSize(2);
        for (int l = 0; l < 3; l++) {
            double mean = y[l].mean().item();
            assertThat(variances[l]).isCloseTo(y[l].square().mean().item() - mean * mean, within(1e-10));
        }
        double sum = 0;
        for (int i = 0; i < 10; i++) {
            double[] a = y[1].reshape(10, 4).get(i).toDoubles();
            double[] b = y[2].reshape(10, 4).get(i).toDoubles();
            double ab = 0;
            double aa = 0;
            double bb = 0;
            for (int k = 0; k < 4; k++) {
                ab += a[k] * b[k];
                aa += a[k] * a[k];
                bb += b[k] * b[k];
            }
            sum += Math.acos(ab / Math.sqrt(aa * bb)) / Math.PI / 10;
        }
        assertThat(angles[1]).isCloseTo(sum, within(1e-8));
    }

    @Test
    void damageIsTheLossOfTheStackWithoutABlock() {
        Model model = model();
        double[] damage = new DepthDiagnostics(model, "1", 3).skipDamage(TOKENS, h -> h.pow(3).sum().item());
        double whole = outputs(model, -1)[3].pow(3).sum().item();
        for (int l = 0; l < 3; l++) assertThat(damage[l]).isCloseTo(outputs(model, l)[3].pow(3).sum().item() - whole, within(1e-9));
    }

    @Test
    void jacobianDeviationIsNearThatOfTheWholeJacobian() {
        Model model = model();
        double[] found = new DepthDiagnostics(model, "1", 3).jacobianDeviations(STACK, TOKENS, 400, Random.seed(3));
        Tensor input = outputs(model, -1)[1];
        Tensor j = Autodiff.jacobian(z -> STACK.block(2, z, model.bind(Pass.eval()).child("1")), input).reshape(40, 40);
        double exact = j.sub(Tensor.eye(40, DType.FLOAT64)).square().sum().item() / 40;
        assertThat(found).hasSize(2);
        assertThat(found[1]).isCloseTo(Math.sqrt(exact), within(0.1 * Math.sqrt(exact)));
    }

    @Test
    void blocksTooFarApartAreRefused() {
        assertThatThrownBy(() -> new DepthDiagnostics(model(), "1", 3).angularDistances(TOKENS, 3)).hasMessageContaining("3 apart");
    }
}
