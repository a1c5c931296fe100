package lemma.probe;

import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import lemma.autodiff.Autodiff;
import lemma.nn.Bound;
import lemma.nn.DeepTransformer;
import lemma.nn.Model;
import lemma.nn.Pass;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * What the blocks of a deep transformer do: how the variance of their outputs grows, how near each is to the identity, and what is lost
 * without it.
 *
 * @param model with the layers of a {@link DeepTransformer} under {@code path}
 * @param path of the transformer in the model, such as "2"; "" if it is the model
 * @param layers number of its blocks
 * @see <a href="https://arxiv.org/abs/2502.05795">Sun et al. (2025), The curse of depth in large language models, section 2</a>
 */
public record DepthDiagnostics(Model model, String path, int layers) {
    private String block(int layer) {
        return (path.isEmpty() ? "" : path + ".") + "layers." + layer;
    }

    private String[] blocks() {
        String[] all = new String[layers];
        for (int l = 0; l < layers; l++) all[l] = block(l);
        return all;
    }

    /** Variance of all numbers that each block gives for the batch x. */
    public double[] variances(Tensor x) {
        return of(x, y -> y.var(0).item());
    }

    private double[] of(Tensor x, ToDoubleFunction<Tensor> measure) {
        Map<String, Tensor> outputs = Capture.of(model).withLayers(blocks()).activations(x);
        double[] all = new double[layers];
        for (int l = 0; l < layers; l++) {
            Tensor y = outputs.get(block(l)).to(DType.FLOAT64).reshape(-1);
            all[l] = measure.applyAsDouble(y);
        }
        return all;
    }

    /** Mean of {@code arccos(cos(x_l, x_(l+n))) / pi} over the tokens of x, for the output of each block and the n-th after it. */
    public double[] angularDistances(Tensor x, int n) {
        if (n < 1 || n >= layers) throw new IllegalArgumentException("DepthDiagnostics: blocks " + n + " apart, expected 1 to " + (layers - 1));
        Map<String, Tensor> outputs = Capture.of(model).withLayers(blocks()).activations(x);
        double[] all = new double[layers - n];
        for (int l = 0; l < layers - n; l++) {
            Tensor a = outputs.get(block(l)).to(DType.FLOAT64);
            Tensor b = outputs.get(block(l + n)).to(DType.FLOAT64);
            Tensor cosine = a.mul(b).sum(-1).div(a.norm(-1).mul(b.norm(-1))).clamp(-1, 1);
            double sum = 0;
            for (double c : cosine.reshape(-1).toDoubles()) sum += Math.acos(c) / Math.PI;
            all[l] = sum / cosine.size();
        }
        return all;
    }

    /** What {@code loss} of the model's output for x gains when one block hands its input on, for each block. */
    public double[] skipDamage(Tensor x, ToDoubleFunction<Tensor> loss) {
        double whole = Scope.run(() -> loss.applyAsDouble(model.apply(x)));
        double[] all = new double[layers];
        for (int l = 0; l < layers; l++) {
            String skipped = block(l);
            all[l] = Scope.run(() -> loss.applyAsDouble(without(skipped, x))) - whole;
        }
        return all;
    }

    private Tensor without(String skipped, Tensor x) {
        Tensor[] before = {x};
        return model.apply(x, Pass.eval().observed((at, y) -> before[0] = at.equals(skipped) ? before[0] : y));
    }

    /**
     * {@code |J_l - I|_F / |I|_F} of the Jacobian of each block but the first at its input, from {@code E |(J - I)^T v|^2 / E |v|^2} over normal v.
     *
     * @param stack the transformer
     * @param probes number of v; the relative error falls with their root, and that of many numbers is small for one
     */
    public double[] jacobianDeviations(DeepTransformer stack, Tensor x, int probes, Random random) {
        Bound whole = model.bind(Pass.eval());
        Bound at = path.isEmpty() ? whole : whole.child(path);
        Map<String, Tensor> outputs = Capture.of(model).withLayers(blocks()).activations(x);
        double[] all = new double[layers - 1];
        for (int l = 1; l < layers; l++) {
            int layer = l;
            Tensor input = outputs.get(block(l - 1));
            all[l - 1] = Scope.run(() -> deviation(z -> stack.block(layer, z, at), input, probes, random.fork(layer)));
        }
        return all;
    }

    private static double deviation(UnaryOperator<Tensor> block, Tensor x, int probes, Random random) {
        double off = 0;
        double all = 0;
        for (int i = 0; i < probes; i++) {
            Tensor v = random.fork(i).normal(x.shape(), x.dtype());
            off += Autodiff.vjp(block, x, v).cotangent().sub(v).square().sum().item();
            all += v.square().sum().item();
        }
        return Math.sqrt(off / all);
    }
}
