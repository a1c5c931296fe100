package lemma.tensor;

import java.util.List;

/** Element-wise functions of layers made of differentiable operations; branches not taken see no argument that could overflow. */
final class Activations {
    /** Fixed points of self-normalising networks. */
    private static final double SELU_ALPHA = 1.6732632423543772;
    private static final double SELU_SCALE = 1.0507009873554805;

    private Activations() {}

    static Tensor hardtanh(Tensor x, double low, double high) {
        if (!(low < high)) throw new IllegalArgumentException("hardtanh: low " + low + " is not below high " + high);
        Tensor v = x.detach();
        Tensor flat = v.le(low).or(v.ge(high));
        return Tensor.record("hardtanh", v.clamp(low, high), (g, y) -> new Tensor[] {g.maskedFill(flat, 0)}, x);
    }

    static Tensor leakyRelu(Tensor x, double slope) {
        return Tensor.where(x.detach().gt(0), x, x.mul(slope));
    }

    static Tensor prelu(Tensor x, Tensor weight) {
        boolean one = weight.size() == 1;
        if (!one && (weight.rank() != 1 || x.rank() < 2 || x.dim(1) != weight.dim(0))) {
            throw new IllegalArgumentException("prelu: weight is " + weight.shape() + ", x is " + x.shape() + "; expected one number, or one for each channel of axis 1");
        }
        int[] shape = new int[one ? 0 : x.rank()];
        for (int i = 0; i < shape.length; i++) shape[i] = i == 1 ? x.dim(1) : 1;
        return Tensor.where(x.detach().gt(0), x, x.mul(weight.reshape(Shape.of(shape))));
    }

    static Tensor elu(Tensor x, double alpha) {
        return Tensor.where(x.detach().le(0), below(x).expm1().mul(alpha), x);
    }

    static Tensor selu(Tensor x) {
        return elu(x, SELU_ALPHA).mul(SELU_SCALE);
    }

    static Tensor celu(Tensor x, double alpha) {
        if (alpha == 0) throw new IllegalArgumentException("celu: alpha is 0");
        return Tensor.where(x.detach().le(0), below(x).div(alpha).expm1().mul(alpha), x);
    }

    private static Tensor below(Tensor x) {
        return x.maskedFill(x.detach().le(0).not(), 0);
    }

    static Tensor softplus(Tensor x, double beta, double threshold) {
        Tensor line = x.detach().mul(beta).gt(threshold);
        return Tensor.where(line, x, x.maskedFill(line, 0).mul(beta).softplus().div(beta));
    }

    static Tensor softshrink(Tensor x, double lambda) {
        if (!(lambda >= 0)) throw new IllegalArgumentException("softshrink: lambda is " + lambda + ", expected at least 0");
        Tensor v = x.detach();
        return x.sub(v.clamp(-lambda, lambda)).maskedFill(v.abs().le(lambda), 0);
    }

    static Tensor glu(Tensor x, int axis) {
        int over = x.shape().axis("glu", axis);
        if (x.dim(over) % 2 != 0) throw new IllegalArgumentException("glu: axis " + axis + " of " + x.shape() + " is odd and has no halves");
        List<Tensor> halves = x.split(Math.max(1, x.dim(over) / 2), over);
        return x.dim(over) == 0 ? x : halves.get(0).mul(halves.get(1).sigmoid());
    }

    static Tensor gumbelSoftmax(Random random, Tensor logits, double tau, boolean hard) {
        if (!(tau > 0)) throw new IllegalArgumentException("gumbelSoftmax: tau is " + tau + ", expected above 0");
        Tensor zero = Tensor.full(logits.shape(), logits.dtype(), 0);
        Tensor noise = random.gumbel(zero, zero.onesLike()).to(logits.backend());
        Tensor y = logits.add(noise).div(tau).softmax(-1);
        if (!hard) return y;
        Tensor chosen = y.detach().argmax(-1).oneHot(y.dim(-1)).to(y.dtype());
        return chosen.sub(y.detach()).add(y);
    }

    static Tensor alphaDropout(Random random, Tensor x, double p) {
        if (!(p >= 0 && p < 1)) throw new IllegalArgumentException("alphaDropout: p is " + p + ", expected 0 to less than 1");
        double low = -SELU_ALPHA * SELU_SCALE;
        double keep = 1 - p;
        double scale = 1 / Math.sqrt(keep + low * low * keep * p);
        Tensor kept = random.uniform(x.shape().dims()).ge(p).to(x.backend());
        return Tensor.where(kept, x, x.detach().zerosLike().add(low)).mul(scale).sub(scale * low * p);
    }
}
