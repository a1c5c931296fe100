package lemma.nn;

import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Bilinear form {@code y_k = x1 W_k x2 + b_k}.
 *
 * <p>Shapes: {@code x1 (..., in1), x2 (..., in2) -> (..., out)}; {@code weight (out, in1, in2)}, {@code bias (out)}, both uniform in
 * {@code +-1/sqrt(in1)} at start, as in PyTorch. As a module of one input it takes x1 and x2 side by side on the last axis.
 */
public record Bilinear(int in1, int in2, int out, boolean bias) implements Module {
    public Bilinear {
        if (in1 < 1 || in2 < 1 || out < 1) throw new IllegalArgumentException("Bilinear: in1 " + in1 + ", in2 " + in2 + ", out " + out + ", expected at least 1");
    }

    public static Bilinear of(int in1, int in2, int out) {
        return new Bilinear(in1, in2, out, true);
    }

    /** The same form without a bias. */
    public Bilinear withoutBias() {
        return new Bilinear(in1, in2, out, false);
    }

    @Override
    public Params params(Random random) {
        Params p = Params.of("weight", Init.fanInUniform(random, in1, out, in1, in2));
        return bias ? p.with("bias", Init.fanInUniform(random, in1, out)) : p;
    }

    /** The form of two inputs. */
    public Tensor forward(Tensor x1, Tensor x2, Bound at) {
        return Functional.bilinear(x1, x2, at.param("weight"), bias ? at.param("bias") : null);
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        if (x.rank() == 0 || x.dim(-1) != in1 + in2) throw new IllegalArgumentException("Bilinear: x is " + x.shape() + ", expected (..., " + in1 + " + " + in2 + "): x1 and x2 side by side");
        return forward(x.narrow(-1, 0, in1), x.narrow(-1, in1, in1 + in2), at);
    }
}
