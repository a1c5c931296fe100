package lemma.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * A Kolmogorov-Arnold layer that chooses its functions: at each input node a pool of bases, weighted by a softmax that cools down,
 * {@code y_j = sum_i sum_k s_ki phi^k_ji(x_i) + bias_j}, {@code s_.i = softmax(selection_.i / temperature)}. The functions of a basis are divided by
 * their root mean square over [-1, 1], so that none wins by its size.
 *
 * <p>Shapes: {@code x (..., in) -> (..., out)}; {@code weight.<k> (out, size of basis k, in)}, {@code selection (bases, in)}, {@code bias (out)}. The
 * state holds {@code temperature}, at first 1, which every training pass multiplies by {@code cooling}, and the {@code scale} of each basis.
 *
 * <p>Train with cooling 1, go on with {@link KanPruning#cooling} below 1, then {@link KanPruning#prune}; {@code lemma.train.SelectiveTraining} does
 * these stages.
 *
 * @param pool the bases to choose from
 * @param cooling factor of the temperature in each training pass, above 0 and at most 1
 * @see <a href="https://arxiv.org/abs/2408.08338">Yang et al. (2024), Activation space selectable Kolmogorov-Arnold networks</a>
 */
public record SelectableKanLinear(int in, int out, List<KanBasis> pool, double cooling) implements Module {
    public SelectableKanLinear {
        KanLinear.check("SelectableKanLinear", in, out);
        pool = List.copyOf(pool);
        if (pool.isEmpty()) throw new IllegalArgumentException("SelectableKanLinear: the pool is empty, expected at least one basis");
        if (!(cooling > 0 && cooling <= 1)) throw new IllegalArgumentException("SelectableKanLinear: cooling is " + cooling + ", expected above 0 and at most 1");
    }

    /** At a constant temperature. */
    public static SelectableKanLinear of(int in, int out, List<KanBasis> pool) {
        return new SelectableKanLinear(in, out, pool, 1);
    }

    /** Layers of widths {@code widths}, input first, output last, one after the other. */
    public static Sequential network(List<KanBasis> pool, int... widths) {
        return KanLinear.chain(widths, (in, out) -> of(in, out, pool));
    }

    public SelectableKanLinear withCooling(double cooling) {
        return new SelectableKanLinear(in, out, pool, cooling);
    }

    @Override
    public Params params(Random random) {
        Params all = Params.EMPTY;
        for (int k = 0; k < pool.size(); k++) all = all.with("weight." + k, KanLinear.weight(random, in, out, pool.get(k).size(), 1));
        return all.with("selection", Tensor.zeros(pool.size(), in)).with("bias", Tensor.zeros(out));
    }

    @Override
    public Params state() {
        double[] scales = pool.stream().mapToDouble(basis -> 1 / basis.rms()).toArray();
        return Params.of("temperature", Tensor.scalar(1)).with("scale", Tensor.of(scales, pool.size(), 1).to(DType.FLOAT32));
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        KanLinear.check("SelectableKanLinear", x, in);
        Tensor temperature = at.state("temperature");
        if (at.pass().isTraining() && cooling < 1) at.update("temperature", temperature.mul(cooling));
        Tensor factors = at.param("selection").div(temperature).softmax(0).mul(at.state("scale"));
        List<Tensor> values = new ArrayList<>();
        List<Tensor> weights = new ArrayList<>();
        for (int k = 0; k < pool.size(); k++) {
            values.add(pool.get(k).expand(x).mul(factors.get(k)));
            weights.add(at.param("weight." + k));
        }
        return KanLinear.combine(Tensor.concat(values, -2), Tensor.concat(weights, 1), at.param("bias"));
    }

    /** The layer that has, at each input, the basis of the largest selection alone. */
    PrunedKanLinear pruned(Params own) {
        return new PrunedKanLinear(in, out, pool, IntStream.of(own.get("selection").argmax(0).toInts()).boxed().toList());
    }

    /** Of {@code own} what the pruned layer keeps, its weights with the scales drawn in. */
    Params kept(Params own, Params state) {
        PrunedKanLinear layer = pruned(own);
        Params kept = Params.EMPTY;
        for (int k = 0; k < pool.size(); k++) {
            if (!layer.chosen().contains(k)) continue;
            Tensor scale = state.get("scale").get(k).to(own.get("bias").dtype());
            kept = kept.with("weight." + k, own.get("weight." + k).indexSelect(2, layer.inputs(k)).mul(scale));
        }
        return kept.with("bias", own.get("bias"));
    }

    /** {@code own} with a selection that any softmax makes exactly 1 and 0. */
    Params hard(Params own) {
        Tensor selection = own.get("selection");
        Tensor chosen = selection.argmax(0).oneHot(pool.size()).t();
        return own.with("selection", Tensor.where(chosen.eq(1), selection.zerosLike(), selection.zerosLike().add(-1e9)));
    }
}
