package lemma.nn;

import java.util.List;
import lemma.linalg.Scan;
import lemma.tensor.DType;
import lemma.tensor.Tensor;

/**
 * What softmax attention of one query has to remember of the tokens it has seen, with scores {@code s_i = q k_i} and values {@code v_i}:
 *
 * <pre>{@code
 * m = max s_i,   u = sum exp(s_i - m),   w = sum exp(s_i - m) v_i,   output o = w / u
 * }</pre>
 *
 * <p>Its size does not depend on how many tokens there were. States of two stretches of a sequence join into that of both,
 *
 * <pre>{@code
 * m = max(m_A, m_B),   u = u_A exp(m_A - m) + u_B exp(m_B - m),   w = w_A exp(m_A - m) + w_B exp(m_B - m)
 * }</pre>
 *
 * and joining is associative: so the outputs of all prefixes come token by token with {@link #join}, in parallel with {@link #scan}, or block by
 * block with {@link #advance}. No exponent is above 0, however large the scores are. Scores of minus infinity hide a token.
 *
 * <p>Derivatives to any order: the output does not depend on m, which is a constant for them.
 *
 * @param max m, of any shape
 * @param sum u, of the same shape
 * @param weighted w, of that shape and the length of a value
 * @see <a href="https://arxiv.org/abs/2405.13956">Feng et al. (2024), Attention as an RNN, sections 3.1 and 3.2</a>
 */
public record StreamingAttentionState(Tensor max, Tensor sum, Tensor weighted) {
    public StreamingAttentionState {
        if (!max.shape().equals(sum.shape()) || weighted.rank() != max.rank() + 1 || !weighted.shape().without(max.rank()).equals(max.shape())) {
            throw new IllegalArgumentException("StreamingAttentionState: m is " + max.shape() + ", u " + sum.shape() + ", w " + weighted.shape() + "; expected u like m, and w with one axis more");
        }
    }

    /** A state for each token by itself: {@code scores (...)} and {@code values (..., d)}. */
    public static StreamingAttentionState of(Tensor scores, Tensor values) {
        Tensor m = scores.detach().maximum(lowest(scores.dtype()));
        Tensor u = scores.sub(m).exp();
        return new StreamingAttentionState(m, u, u.unsqueeze(-1).mul(values));
    }

    /** The state before the first of tokens along {@code axis}: {@code scores (...)} and {@code values (..., d)}. */
    public static StreamingAttentionState before(Tensor scores, Tensor values, int axis) {
        int over = scores.shape().axis("before", axis);
        Tensor u = scores.detach().sum(over).zerosLike();
        return new StreamingAttentionState(u.add(lowest(scores.dtype())), u, values.detach().sum(over).zerosLike());
    }

    /** The most negative number of the type: unlike minus infinity it may be subtracted from itself. */
    private static double lowest(DType type) {
        return type == DType.FLOAT64 ? -Double.MAX_VALUE : -Float.MAX_VALUE;
    }

    /** The state after this one's tokens and those of {@code later}. */
    public StreamingAttentionState join(StreamingAttentionState later) {
        Tensor m = max.maximum(later.max);
        Tensor a = max.sub(m).exp();
        Tensor b = later.max.sub(m).exp();
        return new StreamingAttentionState(m, sum.mul(a).add(later.sum.mul(b)), weighted.mul(a.unsqueeze(-1)).add(later.weighted.mul(b.unsqueeze(-1))));
    }

    /** The states of all prefixes along {@code axis} of m, by an associative scan: log2 of its length steps, each for all tokens at once. */
    public StreamingAttentionState scan(int axis) {
        List<Tensor> all = Scan.associativeScan((a, b) -> of(a).join(of(b)).tensors(), tensors(), max.shape().axis("scan", axis));
        return of(all);
    }

    /**
     * The states after each token of a block along {@code axis}, which this state has not; its own tokens come before them. The same numbers as
     * a scan in one pass over the block, by {@code u_t = exp(m_(t-1) - m_t) u_(t-1) + exp(s_t - m_t)}.
     *
     * @param scores with the block's tokens along {@code axis}
     * @param values (scores' shape, d)
     */
    public StreamingAttentionState advance(Tensor scores, Tensor values, int axis) {
        int over = scores.shape().axis("advance", axis);
        int n = scores.dim(over);
        Tensor before = max.unsqueeze(over);
        Tensor m = Tensor.concat(List.of(before, scores.detach()), over).cummax(over);
        Tensor after = m.narrow(over, 1, n + 1);
        Tensor kept = m.narrow(over, 0, n).sub(after).exp();
        Tensor u = scores.sub(after).exp();
        Tensor w = u.unsqueeze(-1).mul(values);
        return new StreamingAttentionState(after, Scan.linearRecurrence(kept, u, sum, over), Scan.linearRecurrence(kept.unsqueeze(-1), w, weighted, over));
    }

    /** The last state along {@code axis}. */
    public StreamingAttentionState last(int axis) {
        int over = max.shape().axis("last", axis);
        int n = max.dim(over);
        return of(tensors().stream().map(t -> t.narrow(over, n - 1, n).squeeze(over)).toList());
    }

    /** {@code o = w / u}, of the shape of w; NaN where no token was seen, as softmax attention has it. */
    public Tensor output() {
        return weighted.div(sum.unsqueeze(-1));
    }

    /** Bytes of the three tensors. */
    public long bytes() {
        return tensors().stream().mapToLong(t -> t.size() * t.dtype().bytes()).sum();
    }

    /** m, u and w. */
    List<Tensor> tensors() {
        return List.of(max, sum, weighted);
    }

    private static StreamingAttentionState of(List<Tensor> parts) {
        return new StreamingAttentionState(parts.get(0), parts.get(1), parts.get(2));
    }

    /** Copies of its tensors that no scope takes back, without what made them. */
    StreamingAttentionState kept() {
        return of(tensors().stream().map(t -> t.detach().contiguous().keep()).toList());
    }
}
