package lemma.data;

import java.util.function.DoubleUnaryOperator;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * Noisy pictures of discs whose size decides how likely an event is: a latent u in [0, 1] gives the radius {@code 2 + 5 u} pixels and the
 * probability {@code psi(u)}, and the outcome is drawn from that. Centre and pixels are noisy, so the probability is known exactly and has to be
 * estimated from high-dimensional inputs.
 *
 * @param psi from u to a probability
 * @param size pixels a side
 * @param jitter standard deviation of the centre, in pixels
 * @param noise standard deviation of a pixel; a disc's pixels are 1, the ground 0
 */
public record DiscOutcomes(Psi psi, int size, double jitter, double noise) {
    /** How the latent becomes a probability. */
    public enum Psi implements DoubleUnaryOperator {
        /** {@code u}. */
        LINEAR(u -> u),
        /** {@code 1 / (1 + exp(-10 (u - 1/2)))}. */
        SIGMOID(u -> 1 / (1 + Math.exp(-10 * (u - 0.5)))),
        /** {@code 0.3 + 0.4 u}: no event is nearly sure. */
        CENTERED(u -> 0.3 + 0.4 * u),
        /** {@code 0.25 u}: rare events. */
        SKEWED(u -> 0.25 * u),
        /** 0.2, 0.4, 0.6 or 0.8. */
        DISCRETE(u -> 0.2 + 0.2 * Math.min(3, Math.floor(4 * u)));

        private final DoubleUnaryOperator map;

        Psi(DoubleUnaryOperator map) {
            this.map = map;
        }

        @Override
        public double applyAsDouble(double u) {
            return map.applyAsDouble(u);
        }
    }

    /**
     * Some pictures.
     *
     * @param x (n, size * size) FLOAT32
     * @param outcomes (n, 1) FLOAT32, 0 or 1
     * @param probabilities (n, 1) FLOAT32, the true ones
     */
    public record Sample(Tensor x, Tensor outcomes, Tensor probabilities) {}

    public DiscOutcomes {
        if (size < 1 || !(jitter >= 0) || !(noise >= 0)) throw new IllegalArgumentException("DiscOutcomes: size " + size + ", jitter " + jitter + ", noise " + noise + "; expected at least 1, 0 and 0");
    }

    /** 16 x 16 pixels, the centre off by 0.8, pixels by 0.5. */
    public static DiscOutcomes of(Psi psi) {
        return new DiscOutcomes(psi, 16, 0.8, 0.5);
    }

    /** n pictures. */
    public Sample sample(int n, Random random) {
        double[] u = random.fork(0).uniform(Shape.of(n), DType.FLOAT64).toDoubles();
        double[] centre = random.fork(1).normal(Shape.of(2 * n), DType.FLOAT64).toDoubles();
        double[] draw = random.fork(2).uniform(Shape.of(n), DType.FLOAT64).toDoubles();
        float[] discs = new float[n * size * size];
        double[] p = new double[n];
        double[] y = new double[n];
        for (int i = 0; i < n; i++) {
            p[i] = psi.applyAsDouble(u[i]);
            y[i] = draw[i] < p[i] ? 1 : 0;
            draw(discs, i * size * size, 2 + 5 * u[i], (size - 1) / 2.0 + jitter * centre[2 * i], (size - 1) / 2.0 + jitter * centre[2 * i + 1]);
        }
        Tensor x = Tensor.of(discs, n, size * size).add(random.fork(3).normal(n, size * size).mul(noise));
        return new Sample(x, Tensor.of(y).to(DType.FLOAT32).unsqueeze(1), Tensor.of(p).to(DType.FLOAT32).unsqueeze(1));
    }

    private void draw(float[] image, int from, double radius, double cx, double cy) {
        for (int r = 0; r < size; r++) {
            for (int c = 0; c < size; c++) {
                // one pixel of ramp at the rim, so that the size shows below a pixel
                image[from + r * size + c] = (float) Math.clamp(radius - Math.hypot(r - cy, c - cx) + 0.5, 0, 1);
            }
        }
    }
}
