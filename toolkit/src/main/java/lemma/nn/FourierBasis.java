package lemma.nn;

import java.util.List;
import lemma.tensor.Tensor;

/**
 * A Fourier series of period 2: {@code 1, cos(pi k x), sin(pi k x)} for {@code k = 1 ... harmonics}.
 *
 * @see <a href="https://arxiv.org/abs/2406.01034">Xu et al. (2024), FourierKAN-GCF</a>
 */
public record FourierBasis(int harmonics) implements KanBasis {
    public FourierBasis {
        if (harmonics < 1) throw new IllegalArgumentException("FourierBasis: harmonics is " + harmonics + ", expected at least 1");
    }

    public static FourierBasis of(int harmonics) {
        return new FourierBasis(harmonics);
    }

    @Override
    public int size() {
        return 2 * harmonics + 1;
    }

    @Override
    public Tensor expand(Tensor x) {
        Tensor row = x.unsqueeze(-2);
        Tensor angles = row.mul(KanBasis.column(x, KanBasis.even(0, Math.PI * harmonics, harmonics + 1)));
        return Tensor.concat(List.of(angles.cos(), angles.narrow(-2, 1, harmonics + 1).sin()), -2);
    }
}
