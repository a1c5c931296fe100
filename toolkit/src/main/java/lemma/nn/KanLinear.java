package lemma.nn;

import java.util.function.BiFunction;
import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * A layer of a Kolmogorov-Arnold network: each output is a sum of functions of one input each, {@code y_j = sum_i phi_ji(x_i) + bias_j} with
 * {@code phi_ji(x) = sum_b weight_jbi phi_b(x)}. All edges together are one matrix product with the values of the basis.
 *
 * <p>Shapes: {@code x (..., in) -> (..., out)}; {@code weight (out, size of the basis, in)}, {@code bias (out)}. Weights start normal, such that
 * outputs have a mean square of 0.01 for inputs spread over [-1, 1]; the bias starts at 0.
 *
 * @param basis the functions of the edges
 * @see <a href="https://arxiv.org/abs/2404.19756">Liu et al. (2024), KAN: Kolmogorov-Arnold networks, eq. 2.5</a>
 */
public record KanLinear(int in, int out, KanBasis basis) implements Module {
    public KanLinear {
        check("KanLinear", in, out);
    }

    public static KanLinear of(int in, int out, KanBasis basis) {
        return new KanLinear(in, out, basis);
    }

    /** Layers of widths {@code widths}, input first, output last, one after the other. */
    public static Sequential network(KanBasis basis, int... widths) {
        return chain(widths, (in, out) -> of(in, out, basis));
    }

    static Sequential chain(int[] widths, BiFunction<Integer, Integer, Module> layer) {
        if (widths.length < 2) throw new IllegalArgumentException("Kolmogorov-Arnold network: " + widths.length + " widths, expected at least input and output");
        Module[] layers = new Module[widths.length - 1];
        for (int i = 0; i < layers.length; i++) layers[i] = layer.apply(widths[i], widths[i + 1]);
        return Sequential.of(layers);
    }

    static void check(String name, int in, int out) {
        if (in < 1 || out < 1) throw new IllegalArgumentException(name + ": in " + in + ", out " + out + ", expected at least 1");
    }

    static void check(String name, Tensor x, int in) {
        if (x.rank() == 0 || x.dim(-1) != in) throw new IllegalArgumentException(name + ": last axis of x is " + (x.rank() == 0 ? "absent" : x.dim(-1)) + ", expected " + in + " (x is " + x.shape() + ")");
    }

    static Tensor weight(Random random, int in, int out, int size, double rms) {
        return Init.normal(random, 0.1 / (rms * Math.sqrt((double) in * size)), out, size, in);
    }

    /** The matrix product of {@code values (..., size, in)} and {@code weight (out, size, in)}, plus the bias. */
    static Tensor combine(Tensor values, Tensor weight, Tensor bias) {
        return Functional.linear(values.flatten(values.rank() - 2), weight.flatten(1), bias);
    }

    @Override
    public Params params(Random random) {
        return Params.of("weight", weight(random, in, out, basis.size(), basis.rms())).with("bias", Tensor.zeros(out));
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        check("KanLinear", x, in);
        return combine(basis.expand(x), at.param("weight"), at.param("bias"));
    }
}
