package lemma.ntk;

import lemma.tensor.Tensor;

/** The covariance of a Gaussian-process layer as a function of the Gram matrix {@code G = F F^T / N} of the features before it, symmetric (n, n); differentiable. */
@FunctionalInterface
public interface GramKernel {
    /** K(G). */
    Tensor of(Tensor gram);

    /** {@code K(G) = G}: a deep linear network. */
    static GramKernel linear() {
        return gram -> gram;
    }

    /** {@code K_ij = exp(-(G_ii + G_jj - 2 G_ij) / 2 l^2)}: the squared-exponential kernel of the features, l the length scale times the root of their number. */
    static GramKernel squaredExponential(double lengthScale) {
        if (!(lengthScale > 0)) throw new IllegalArgumentException("GramKernel: length scale " + lengthScale + ", expected above 0");
        return gram -> {
            Tensor size = gram.diagonal(0);
            return size.unsqueeze(1).add(size).sub(gram.mul(2)).mul(-0.5 / (lengthScale * lengthScale)).exp();
        };
    }

    /** {@code K = sqrt(G_ii G_jj) (sin t + (pi - t) cos t) / pi}, t the angle of the features: rectified units of variance-preserving weights. */
    static GramKernel relu() {
        return gram -> {
            Tensor size = gram.diagonal(0);
            Tensor scale = size.unsqueeze(1).mul(size).sqrt();
            Tensor same = Tensor.eye(gram.dim(0)).gt(0).to(gram.backend());
            Tensor cosine = gram.div(scale).maskedFill(same, 0).clamp(-1, 1); // its angle has no derivative at 0
            Tensor value = cosine.square().rsub(1).sqrt().add(cosine.acos().rsub(Math.PI).mul(cosine)).mul(1 / Math.PI);
            return Tensor.where(same, scale, value.mul(scale));
        };
    }
}
