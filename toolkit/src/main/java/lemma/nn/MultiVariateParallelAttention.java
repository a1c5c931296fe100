package lemma.nn;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.IntBinaryOperator;
import java.util.stream.IntStream;
import lemma.tensor.DType;
import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Attention over signals of many channels whose scores are a sum of content, time and channel. The score of token (t', c') for the query q of (t, c) is
 *
 * <pre>{@code
 * [(q + u) k_(t',c') 1(|t - t'| <= window) + (q + v) W_T e(t - t') + (q + r) W_C e(|c - c'|)] / sqrt(d / heads)
 * }</pre>
 *
 * with the waves e of {@link SinusoidalEmbedding} and learnt vectors u, v, r; the softmax is over all (t', c') with {@code t' <= t}. Outside the window the
 * content counts as 0 and the token is still seen. No parameter belongs to a time or a channel, so any number of either may be given, and only
 * differences of times and distances of channels matter. The time and channel terms cost {@code T C (T + C)} products, not {@code (T C)^2}. Use it for
 * recordings with electrodes that differ from case to case.
 *
 * <p>Shapes: {@code x (batch, time, channels, d) -> (batch, time, channels, d)}; parameters {@code q.weight, out.weight (d, d)};
 * {@code k.weight, v.weight, time.weight, channel.weight (kvHeads d / heads, d)}, which start as those of {@link Linear}; {@code content_bias, time_bias,
 * channel_bias (kvHeads d / heads)}, u, v and r, normal with standard deviation 0.02. Groups of {@code heads / kvHeads} queries share keys, values and these.
 *
 * @param dim length d of the vectors
 * @param heads number of heads, which divides d
 * @param kvHeads number of heads of keys and values, which divides heads
 * @param window how far in time content counts
 * @param terms the parts of the score
 * @see <a href="https://arxiv.org/abs/2506.20354">Carzaniga et al. (2025), A foundation model with multi-variate parallel attention to generate neuronal activity</a>
 */
public record MultiVariateParallelAttention(int dim, int heads, int kvHeads, int window, Set<Term> terms) implements Module {
    private static final double BIAS_STD = 0.02;

    /** A part of the score. */
    public enum Term { CONTENT, TIME, CHANNEL }

    public MultiVariateParallelAttention {
        if (dim < 2 || dim % 2 != 0 || heads < 1 || dim % heads != 0) throw new IllegalArgumentException("MultiVariateParallelAttention: dim " + dim + " and heads " + heads + ", expected an even dim that heads divides");
        if (kvHeads < 1 || heads % kvHeads != 0) throw new IllegalArgumentException("MultiVariateParallelAttention: kvHeads " + kvHeads + " does not divide heads " + heads);
        if (window < 0) throw new IllegalArgumentException("MultiVariateParallelAttention: window is " + window + ", expected at least 0");
        if (terms.isEmpty()) throw new IllegalArgumentException("MultiVariateParallelAttention: no terms, expected at least one of " + Arrays.toString(Term.values()));
        terms = Set.copyOf(terms);
    }

    /** All three terms, a window of 10. */
    public static MultiVariateParallelAttention of(int dim, int heads) {
        return new MultiVariateParallelAttention(dim, heads, heads, 10, EnumSet.allOf(Term.class));
    }

    /** The same layer with fewer heads of keys and values. */
    public MultiVariateParallelAttention withKvHeads(int kvHeads) {
        return new MultiVariateParallelAttention(dim, heads, kvHeads, window, terms);
    }

    /** The same layer with another window. */
    public MultiVariateParallelAttention withWindow(int window) {
        return new MultiVariateParallelAttention(dim, heads, kvHeads, window, terms);
    }

    /** The same layer without a part of the score. */
    public MultiVariateParallelAttention without(Term term) {
        Set<Term> rest = EnumSet.allOf(Term.class);
        rest.removeIf(t -> t == term || !terms.contains(t));
        return new MultiVariateParallelAttention(dim, heads, kvHeads, window, rest);
    }

    @Override
    public Params params(Random random) {
        int kv = kvHeads * (dim / heads);
        Params p = Params.of("q.weight", Init.fanInUniform(random, dim, dim, dim)).with("v.weight", Init.fanInUniform(random, dim, kv, dim)).with("out.weight", Init.fanInUniform(random, dim, dim, dim));
        if (terms.contains(Term.CONTENT)) p = p.with("k.weight", Init.fanInUniform(random, dim, kv, dim)).with("content_bias", Init.normal(random, BIAS_STD, kv));
        if (terms.contains(Term.TIME)) p = p.with("time.weight", Init.fanInUniform(random, dim, kv, dim)).with("time_bias", Init.normal(random, BIAS_STD, kv));
        return terms.contains(Term.CHANNEL) ? p.with("channel.weight", Init.fanInUniform(random, dim, kv, dim)).with("channel_bias", Init.normal(random, BIAS_STD, kv)) : p;
    }

    /** At times 0, 1, ... and with channels one apart. */
    @Override
    public Tensor forward(Tensor x, Bound at) {
        check(x);
        return forward(x, IntStream.range(0, x.dim(1)).toArray(), IntStream.range(0, x.dim(2)).toArray(), at);
    }

    /**
     * At given times, with channels at given places on a line.
     *
     * @param times of the tokens, not descending
     * @param places of the channels
     */
    public Tensor forward(Tensor x, int[] times, int[] places, Bound at) {
        check(x);
        if (times.length != x.dim(1) || places.length != x.dim(2)) {
            throw new IllegalArgumentException("MultiVariateParallelAttention: " + times.length + " times and " + places.length + " places for x of " + x.shape() + ", expected one a time and one a channel");
        }
        for (int i = 1; i < times.length; i++) if (times[i] < times[i - 1]) throw new IllegalArgumentException("MultiVariateParallelAttention: time " + i + " is " + times[i] + " after " + times[i - 1] + ", expected times that do not descend");
        return new Application(x, times, places, at).output();
    }

    private void check(Tensor x) {
        if (x.rank() != 4 || x.dim(3) != dim) throw new IllegalArgumentException("MultiVariateParallelAttention: x is " + x.shape() + ", expected (batch, time, channels, " + dim + ")");
    }

    /** One application: groups g of heads, r heads a group. */
    private final class Application {
        private final Tensor x;
        private final int[] times;
        private final int[] places;
        private final Bound at;
        private final int batch;
        private final int time;
        private final int channels;
        private final int width = dim / heads;
        private final int shared = heads / kvHeads;

        Application(Tensor x, int[] times, int[] places, Bound at) {
            this.x = x;
            this.times = times;
            this.places = places;
            this.at = at;
            batch = x.dim(0);
            time = x.dim(1);
            channels = x.dim(2);
        }

        Tensor output() {
            int tokens = time * channels;
            Tensor q = Functional.linear(x, at.param("q.weight"), null).mul(1 / Math.sqrt(width)).reshape(batch, time, channels, kvHeads, shared, width);
            Tensor scores = scores(q).maskedFill(pairs((t, s) -> times[s] > times[t]), Double.NEGATIVE_INFINITY);
            Tensor mixed = scores.softmax(-1).reshape(batch, kvHeads, shared * tokens, tokens).matmul(projected("v.weight"));
            Tensor joined = mixed.reshape(batch, kvHeads, shared, time, channels, width).permute(0, 3, 4, 1, 2, 5).reshape(batch, time, channels, dim);
            return Functional.linear(joined, at.param("out.weight"), null);
        }

        /** (batch, g r, T C, T C). */
        private Tensor scores(Tensor q) {
            int tokens = time * channels;
            Tensor sum = null;
            if (terms.contains(Term.CONTENT)) sum = content(biased(q, "content_bias"));
            if (!terms.contains(Term.TIME) && !terms.contains(Term.CHANNEL)) return sum;
            Tensor ofTime = terms.contains(Term.TIME) ? ofTime(biased(q, "time_bias")) : null;
            Tensor ofChannel = terms.contains(Term.CHANNEL) ? ofChannel(biased(q, "channel_bias")) : null;
            Tensor places = ofTime == null ? ofChannel : ofChannel == null ? ofTime : ofTime.add(ofChannel);
            Tensor relative = places.expand(batch * heads * tokens, time, channels).reshape(batch, heads, tokens, tokens);
            return sum == null ? relative : sum.add(relative);
        }

        private Tensor content(Tensor q) {
            int tokens = time * channels;
            Tensor all = q.permute(0, 3, 4, 1, 2, 5).reshape(batch, kvHeads, shared * tokens, width).matmul(projected("k.weight").t()).reshape(batch, heads, tokens, tokens);
            if (time == 0 || (long) times[time - 1] - times[0] <= window) return all;
            return all.mul(pairs((t, s) -> Math.abs((long) times[t] - times[s]) <= window).to(all.dtype()));
        }

        /** (batch g r T C, T, 1): one product a time t, with the keys of all lags t - t'. */
        private Tensor ofTime(Tensor q) {
            Tensor keys = keys("time.weight", time, (t, s) -> Math.max(0, times[t] - times[s]));
            Tensor scores = q.permute(3, 1, 0, 4, 2, 5).reshape(kvHeads, time, batch * shared * channels, width).matmul(keys);
            return scores.reshape(kvHeads, time, batch, shared, channels, time).permute(2, 0, 3, 1, 4, 5).reshape(batch * heads * time * channels, time, 1);
        }

        /** (batch g r T C, 1, C): one product a channel c, with the keys of all distances. */
        private Tensor ofChannel(Tensor q) {
            Tensor keys = keys("channel.weight", channels, (c, e) -> Math.abs(places[c] - places[e]));
            Tensor scores = q.permute(3, 2, 0, 4, 1, 5).reshape(kvHeads, channels, batch * shared * time, width).matmul(keys);
            return scores.reshape(kvHeads, channels, batch, shared, time, channels).permute(2, 0, 3, 4, 1, 5).reshape(batch * heads * time * channels, 1, channels);
        }

        /** (g, n, width, n): the mapped waves of the differences of n times or places. */
        private Tensor keys(String weight, int n, IntBinaryOperator difference) {
            int[] of = new int[n * n];
            for (int i = 0; i < n * n; i++) of[i] = difference.applyAsInt(i / n, i % n);
            int most = Arrays.stream(of).max().orElse(0);
            Tensor waves = SinusoidalEmbedding.of(dim).table(0, most + 1).to(x.dtype()).to(x.backend());
            Tensor mapped = Functional.linear(waves, at.param(weight), null);
            return mapped.indexSelect(0, Tensor.of(of).to(DType.INT64).to(x.backend())).reshape(n, n, kvHeads, width).permute(2, 0, 3, 1);
        }

        private Tensor biased(Tensor q, String bias) {
            return q.add(at.param(bias).mul(1 / Math.sqrt(width)).reshape(kvHeads, 1, width));
        }

        /** (batch, g, T C, width). */
        private Tensor projected(String weight) {
            return Functional.linear(x, at.param(weight), null).reshape(batch, time * channels, kvHeads, width).transpose(1, 2);
        }

        /** BOOL (T C, T C) by the times of query and key. */
        private Tensor pairs(PairOfTimes holds) {
            int tokens = time * channels;
            boolean[] all = new boolean[tokens * tokens];
            for (int i = 0; i < all.length; i++) all[i] = holds.test(i / tokens / channels, i % tokens / channels);
            return Tensor.of(all, tokens, tokens).to(x.backend());
        }
    }

    @FunctionalInterface
    private interface PairOfTimes {
        boolean test(int query, int key);
    }
}
