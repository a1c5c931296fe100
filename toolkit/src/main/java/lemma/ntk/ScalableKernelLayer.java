package lemma.ntk;

import java.util.List;
import java.util.function.UnaryOperator;
import lemma.linalg.Linalg;
import lemma.nn.Bound;
import lemma.nn.Model;
import lemma.nn.Module;
import lemma.nn.Params;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * A scalable neural network kernel as a layer: {@code y = Phi(x) Psi}, Phi a fixed feature map and Psi (m, out) trained in place of weights. A network
 * whose layers are all such, one after another, is again one such layer (bundling): its features are the composition of theirs. With squared errors
 * its best Psi is known, {@link #leastSquares}.
 *
 * @param features Phi, from (n, in) to (n, m), such as {@link ArcCosineRandomFeatures#apply} or {@link UniversalRandomFeatures#inputs}
 * @param size m
 * @param outputs out
 * @see <a href="https://arxiv.org/abs/2310.13225">Sehanobish, Choromanski, Zhao, Dubey, Likhosherstov (2024), Scalable neural network kernels, section 4</a>
 */
public record ScalableKernelLayer(UnaryOperator<Tensor> features, int size, int outputs) implements Module {
    public ScalableKernelLayer {
        if (size < 1 || outputs < 1) throw new IllegalArgumentException("ScalableKernelLayer: " + size + " features, " + outputs + " outputs, expected at least 1 each");
    }

    /** With the features of several layers, the first one first. */
    public static ScalableKernelLayer bundled(List<UnaryOperator<Tensor>> layers, int size, int outputs) {
        if (layers.isEmpty()) throw new IllegalArgumentException("ScalableKernelLayer: no layers to bundle, expected at least one");
        return new ScalableKernelLayer(x -> {
            Tensor at = x;
            for (UnaryOperator<Tensor> layer : layers) at = layer.apply(at);
            return at;
        }, size, outputs);
    }

    /** {@code psi (m, out)}, of variance {@code 1/m}, and {@code bias (out)}, 0. */
    @Override
    public Params params(Random random) {
        return Params.of("psi", random.normal(size, outputs).mul(1 / Math.sqrt(size))).with("bias", Tensor.zeros(outputs));
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        return features(x).matmul(at.param("psi")).add(at.param("bias"));
    }

    private Tensor features(Tensor x) {
        Tensor phi = features.apply(x);
        if (phi.rank() != 2 || phi.dim(1) != size) throw new IllegalArgumentException("ScalableKernelLayer: features are " + phi.shape() + ", expected (n, " + size + ")");
        return phi;
    }

    /** The model with the least {@code |Phi Psi + bias - y|^2}, of least norm where there are several: {@code Psi = Phi^+ y}. */
    public Model leastSquares(Tensor x, Tensor y) {
        return Scope.run(() -> {
            Tensor phi = features(x);
            Tensor all = Linalg.lstsq(Tensor.concat(List.of(phi, phi.narrow(1, 0, 1).onesLike()), 1), y);
            return new Model(this, Params.of("psi", all.narrow(0, 0, size)).with("bias", all.narrow(0, size, size + 1).squeeze(0)), Params.EMPTY);
        });
    }

    @Override
    public String toString() {
        return "ScalableKernelLayer(" + size + " features, " + outputs + ")";
    }
}
