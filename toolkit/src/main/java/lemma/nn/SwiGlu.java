package lemma.nn;

import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * The gated feed-forward part of a transformer: {@code y = w2 (silu(w1 x) * w3 x)}, without biases.
 *
 * <p>Shapes: {@code x (..., dim) -> (..., dim)}; {@code w1.weight, w3.weight (hidden, dim)}, {@code w2.weight (dim, hidden)}, which start as those of
 * {@link Linear}. With {@code hidden = 8/3 dim} it has as many parameters as the usual part of {@code 4 dim}.
 *
 * @param dim length of the vectors
 * @param hidden width between the maps
 * @see <a href="https://arxiv.org/abs/2002.05202">Shazeer (2020), GLU variants improve transformer, eq. 6</a>
 */
public record SwiGlu(int dim, int hidden) implements Module {
    public SwiGlu {
        if (dim < 1 || hidden < 1) throw new IllegalArgumentException("SwiGlu: dim " + dim + ", hidden " + hidden + ", expected at least 1");
    }

    public static SwiGlu of(int dim, int hidden) {
        return new SwiGlu(dim, hidden);
    }

    private Linear in() {
        return Linear.of(dim, hidden).withoutBias();
    }

    private Linear out() {
        return Linear.of(hidden, dim).withoutBias();
    }

    @Override
    public Params params(Random random) {
        return Params.EMPTY.withChild("w1", in().params(random)).withChild("w2", out().params(random)).withChild("w3", in().params(random));
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        Tensor gate = in().forward(x, at.child("w1")).silu();
        return out().forward(gate.mul(in().forward(x, at.child("w3"))), at.child("w2"));
    }
}
