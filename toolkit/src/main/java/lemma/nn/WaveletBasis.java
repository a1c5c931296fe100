package lemma.nn;

import lemma.tensor.Tensor;

/**
 * Wavelets {@code psi((x - b) / a)} of scales {@code a = 1, 1/2, 1/4, ...} on [-1, 1]: one in the middle, and at level {@code j >= 1} such of
 * scale {@code 2^-j} at {@code 2^j + 1} even places.
 *
 * @param levels scales
 * @param mother the function that is moved and squeezed
 * @see <a href="https://arxiv.org/abs/2405.12832">Bozorgasl, Chen (2024), Wav-KAN: wavelet Kolmogorov-Arnold networks</a>
 */
public record WaveletBasis(int levels, Mother mother) implements KanBasis {
    /** Functions of z. */
    public enum Mother {
        /** {@code 2 / (sqrt(3) pi^(1/4)) (1 - z^2) exp(-z^2 / 2)}, also named Ricker. */
        MEXICAN_HAT,
        /** {@code -z exp(-z^2 / 2)}, the derivative of a Gaussian. */
        DERIVATIVE_OF_GAUSSIAN
    }

    public WaveletBasis {
        if (levels < 1 || levels > 20) throw new IllegalArgumentException("WaveletBasis: levels is " + levels + ", expected 1 to 20");
    }

    /** Mexican hats. */
    public static WaveletBasis of(int levels) {
        return new WaveletBasis(levels, Mother.MEXICAN_HAT);
    }

    public WaveletBasis withMother(Mother mother) {
        return new WaveletBasis(levels, mother);
    }

    @Override
    public int size() {
        return (1 << levels) + levels - 2;
    }

    @Override
    public Tensor expand(Tensor x) {
        double[] perScale = new double[size()];
        double[] places = new double[size()];
        perScale[0] = 1;
        int at = 1;
        for (int j = 1; j < levels; j++) {
            for (double place : KanBasis.even(-1, 1, (1 << j) + 1)) {
                perScale[at] = 1 << j;
                places[at++] = place * (1 << j);
            }
        }
        Tensor z = x.unsqueeze(-2).mul(KanBasis.column(x, perScale)).sub(KanBasis.column(x, places));
        Tensor square = z.square();
        Tensor bell = square.mul(-0.5).exp();
        if (mother == Mother.DERIVATIVE_OF_GAUSSIAN) return z.mul(bell).neg();
        return square.rsub(1).mul(bell).mul(2 / (Math.sqrt(3) * Math.pow(Math.PI, 0.25)));
    }
}
