package lemma.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * A Kolmogorov-Arnold layer with one basis at each input, what {@link KanPruning#prune} leaves of a {@link SelectableKanLinear}:
 * {@code y_j = sum_i phi_ji(x_i) + bias_j} with {@code phi_ji} in the basis chosen for {@code x_i}.
 *
 * <p>Shapes: {@code x (..., in) -> (..., out)}; {@code weight.<k> (out, size of basis k, inputs that chose k)}, {@code bias (out)}.
 *
 * @param chosen of each input the place of its basis in the pool
 * @see <a href="https://arxiv.org/abs/2408.08338">Yang et al. (2024), Activation space selectable Kolmogorov-Arnold networks</a>
 */
public record PrunedKanLinear(int in, int out, List<KanBasis> pool, List<Integer> chosen) implements Module {
    public PrunedKanLinear {
        KanLinear.check("PrunedKanLinear", in, out);
        pool = List.copyOf(pool);
        chosen = List.copyOf(chosen);
        if (chosen.size() != in) throw new IllegalArgumentException("PrunedKanLinear: " + chosen.size() + " choices for " + in + " inputs");
        for (int k : chosen) if (k < 0 || k >= pool.size()) throw new IllegalArgumentException("PrunedKanLinear: choice " + k + " from a pool of " + pool.size());
    }

    public static PrunedKanLinear of(int in, int out, List<KanBasis> pool, List<Integer> chosen) {
        return new PrunedKanLinear(in, out, pool, chosen);
    }

    /** The inputs that chose basis k. */
    Tensor inputs(int k) {
        return Tensor.of(IntStream.range(0, in).filter(i -> chosen.get(i) == k).toArray());
    }

    private int[] used() {
        return chosen.stream().mapToInt(k -> k).sorted().distinct().toArray();
    }

    @Override
    public Params params(Random random) {
        Params all = Params.EMPTY;
        for (int k : used()) {
            Tensor everywhere = KanLinear.weight(random, in, out, pool.get(k).size(), pool.get(k).rms());
            all = all.with("weight." + k, everywhere.indexSelect(2, inputs(k)));
        }
        return all.with("bias", Tensor.zeros(out));
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        KanLinear.check("PrunedKanLinear", x, in);
        List<Tensor> values = new ArrayList<>();
        List<Tensor> weights = new ArrayList<>();
        for (int k : used()) {
            Tensor value = pool.get(k).expand(x.indexSelect(-1, inputs(k)));
            values.add(value.flatten(value.rank() - 2));
            weights.add(at.param("weight." + k).flatten(1));
        }
        return Functional.linear(Tensor.concat(values, -1), Tensor.concat(weights, 1), at.param("bias"));
    }
}
