package lemma.nn;

import java.util.ArrayList;
import java.util.List;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * Several feed-forward parts of which each vector goes through the {@code topK} that a router chooses: {@code y = sum_{e in top k} g_e(x) E_e(x)} with
 * {@code p = softmax(W_r x)}. For k above 1 the gates are the chosen probabilities over their sum, {@code g_e = p_e / sum_{chosen} p}; for k = 1 the
 * gate is {@code p_e} itself, without which the router would have no gradient. Only the chosen experts are computed.
 *
 * <p>With a capacity factor c, an expert takes {@code ceil(c topK n / experts)} of the n vectors of a pass at most: first choices before second ones, and earlier
 * vectors before later ones. Where it has no room its part of the sum is 0, so that in a residual branch the vector goes on as it is. Without one no vector is
 * dropped, and the output for a vector does not depend on the others of its batch.
 *
 * <p>Left alone, a router sends everything to a few experts. Add {@link #loadBalancingLoss} (or {@link #importanceLoss}) of its logits to the training loss; an
 * observer of the pass is shown them under the path of this layer and "router":
 * <pre>{@code
 * List<Tensor> routed = new ArrayList<>();
 * Pass pass = Pass.train(random).observed((path, y) -> {
 *     if (path.endsWith("router")) routed.add(MixtureOfExperts.loadBalancingLoss(y, 2));
 *     return y;
 * });
 * }</pre>
 *
 * <p>Shapes: {@code x (..., dim) -> (..., dim)}; {@code router.weight (experts, dim)}, {@code experts.0...} and so on.
 *
 * @param expert maps (rows, dim) to (rows, dim), such as {@link SwiGlu}; each expert has parameters of its own
 * @param dim length of the vectors
 * @param experts how many experts there are
 * @param topK how many each vector goes through
 * @see <a href="https://arxiv.org/abs/1701.06538">Shazeer et al. (2017), Outrageously large neural networks, eq. 1 to 7; here without noise</a>
 * @param capacity factor c of an expert's room, infinite for no limit; 1.25 in the paper on Switch transformers
 * @see <a href="https://arxiv.org/abs/2101.03961">Fedus, Zoph, Shazeer (2022), Switch transformers, eq. 1 to 6</a>
 */
public record MixtureOfExperts(Module expert, int dim, int experts, int topK, double capacity) implements Module {
    public MixtureOfExperts {
        if (dim < 1 || experts < 1) throw new IllegalArgumentException("MixtureOfExperts: dim " + dim + ", experts " + experts + ", expected at least 1");
        if (topK < 1 || topK > experts) throw new IllegalArgumentException("MixtureOfExperts: topK is " + topK + ", expected 1 to the " + experts + " experts");
        if (!(capacity > 0)) throw new IllegalArgumentException("MixtureOfExperts: capacity is " + capacity + ", expected a factor above 0");
        if (!expert.state().names().isEmpty()) throw new IllegalArgumentException("MixtureOfExperts: the expert " + expert + " has running statistics, which a part of the vectors would update; use one without state");
    }

    public static MixtureOfExperts of(Module expert, int dim, int experts, int topK) {
        return new MixtureOfExperts(expert, dim, experts, topK, Double.POSITIVE_INFINITY);
    }

    /** The same layer whose experts take this factor times their even share of the vectors at most. */
    public MixtureOfExperts withCapacity(double factor) {
        return new MixtureOfExperts(expert, dim, experts, topK, factor);
    }

    private Linear router() {
        return Linear.of(dim, experts).withoutBias();
    }

    @Override
    public Params params(Random random) {
        Params all = Params.EMPTY.withChild("router", router().params(random));
        for (int e = 0; e < experts; e++) all = all.withChild("experts." + e, expert.params(random));
        return all;
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        if (x.rank() == 0 || x.dim(-1) != dim) throw new IllegalArgumentException("MixtureOfExperts: x is " + x.shape() + ", expected (..., " + dim + ")");
        Tensor rows = x.reshape(Math.toIntExact(x.size() / dim), dim);
        Tensor p = at.apply("router", router(), rows).softmax(-1);
        Tensor chosen = p.detach().topk(topK, -1).indices();
        Tensor gates = p.gather(1, chosen);
        if (topK > 1) gates = gates.div(gates.sumKeep(1));
        // the pairs of a vector and one of its experts, first choices first, sorted by expert
        Tensor pairs = chosen.t().reshape(-1);
        Tensor order = pairs.argsort(0, false);
        Tensor sorted = rows.indexSelect(0, order.mod(Math.max(1, rows.dim(0))));
        Tensor outputs = throughExperts(sorted, pairs.bincount(experts).toInts(), at).indexSelect(0, order.argsort(0, false));
        return outputs.reshape(topK, rows.dim(0), dim).mul(gates.t().unsqueeze(2)).sum(0).reshape(x.shape());
    }

    private Tensor throughExperts(Tensor sorted, int[] counts, Bound at) {
        List<Tensor> outputs = new ArrayList<>();
        double room = Math.ceil(capacity * sorted.dim(0) / experts);
        int from = 0;
        for (int e = 0; e < experts; e++) {
            int taken = (int) Math.min(counts[e], room);
            if (taken > 0) outputs.add(at.apply("experts." + e, expert, sorted.narrow(0, from, from + taken)));
            if (taken < counts[e]) outputs.add(sorted.narrow(0, from + taken, from + counts[e]).zerosLike());
            from += counts[e];
        }
        return outputs.isEmpty() ? sorted : Tensor.concat(outputs, 0);
    }

    /**
     * {@code n sum_e f_e P_e} over n experts: f is the share of the choices that fell on expert e, which has no gradient, P the mean of its probability. It is 1
     * where all are used alike and at most n; the papers weigh it with 0.01.
     *
     * @param logits of the router, (..., experts)
     * @see <a href="https://arxiv.org/abs/2101.03961">Fedus, Zoph, Shazeer (2022), Switch transformers, eq. 4, for topK = 1</a>
     */
    public static Tensor loadBalancingLoss(Tensor logits, int topK) {
        Tensor p = probabilities("loadBalancingLoss", logits, topK);
        int experts = p.dim(1);
        Tensor share = p.detach().topk(topK, -1).indices().reshape(-1).bincount(experts).to(p.dtype()).div(p.dim(0) * (double) topK);
        return share.mul(p.mean(0)).sum().mul(experts);
    }

    /**
     * The squared coefficient of variation of the experts' importance, which is the sum of their gates over a batch: {@code var / mean^2}, 0 where all are used alike.
     *
     * @param logits of the router, (..., experts)
     * @see <a href="https://arxiv.org/abs/1701.06538">Shazeer et al. (2017), Outrageously large neural networks, eq. 6 and 7</a>
     */
    public static Tensor importanceLoss(Tensor logits, int topK) {
        Tensor p = probabilities("importanceLoss", logits, topK);
        Tensor chosen = p.detach().topk(topK, -1).indices();
        Tensor gates = p.gather(1, chosen);
        if (topK > 1) gates = gates.div(gates.sumKeep(1));
        Tensor importance = gates.scatterAdd(1, chosen, Shape.of(p.dim(0), p.dim(1))).sum(0);
        return importance.var(0).div(importance.mean().square());
    }

    private static Tensor probabilities(String name, Tensor logits, int topK) {
        if (logits.rank() == 0 || logits.size() == 0) throw new IllegalArgumentException("MixtureOfExperts." + name + ": logits are " + logits.shape() + ", expected (..., experts)");
        int experts = logits.dim(-1);
        if (topK < 1 || topK > experts) throw new IllegalArgumentException("MixtureOfExperts." + name + ": topK is " + topK + ", expected 1 to the " + experts + " experts of the logits " + logits.shape());
        return logits.reshape(Math.toIntExact(logits.size() / experts), experts).softmax(-1);
    }
}
