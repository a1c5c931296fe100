package lemma.nn;

import java.util.ArrayList;
import java.util.List;
import lemma.tensor.Tensor;

/**
 * Chebyshev polynomials {@code T_0 ... T_degree} of {@code t = tanh(x)}: {@code T_0 = 1, T_1 = t, T_{k+1} = 2 t T_k - T_{k-1}}.
 *
 * @see <a href="https://arxiv.org/abs/2405.07200">Sidharth, Gokul (2024), Chebyshev polynomial-based Kolmogorov-Arnold networks</a>
 */
public record ChebyshevBasis(int degree) implements KanBasis {
    public ChebyshevBasis {
        if (degree < 1) throw new IllegalArgumentException("ChebyshevBasis: degree is " + degree + ", expected at least 1");
    }

    public static ChebyshevBasis of(int degree) {
        return new ChebyshevBasis(degree);
    }

    @Override
    public int size() {
        return degree + 1;
    }

    @Override
    public Tensor expand(Tensor x) {
        Tensor t = x.unsqueeze(-2).tanh();
        List<Tensor> all = new ArrayList<>(List.of(t.onesLike(), t));
        Tensor twice = t.mul(2);
        for (int k = 2; k <= degree; k++) all.add(twice.mul(all.get(k - 1)).sub(all.get(k - 2)));
        return Tensor.concat(all, -2);
    }
}
