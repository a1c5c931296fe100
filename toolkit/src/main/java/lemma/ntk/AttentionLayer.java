package lemma.ntk;

import java.util.stream.IntStream;
import lemma.nn.Bound;
import lemma.nn.Module;
import lemma.nn.Params;
import lemma.tensor.DType;
import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/** Self-attention over all positions; {@link Stax#selfAttention}. */
record AttentionLayer(int channels, int heads, int width, AttentionWeights weights, double qkStd, double ovStd, double bStd) implements Network {
    AttentionLayer {
        if (channels < 1 || heads < 1 || width < 1) {
            throw new IllegalArgumentException("Stax.selfAttention: " + channels + " channels, " + heads + " heads of width " + width + ", expected at least 1 each");
        }
        if (!(qkStd >= 0 && ovStd >= 0) || bStd < 0) {
            throw new IllegalArgumentException("Stax.selfAttention: standard deviations " + qkStd + ", " + ovStd + " and " + bStd + ", expected at least 0");
        }
    }

    @Override
    public Module module(Shape in) {
        out(in);
        return new Finite(this, in.dim(0));
    }

    @Override
    public Shape out(Shape in) {
        if (in.rank() < 2) throw new IllegalArgumentException("Stax.selfAttention: an example is " + in + ", expected (c, l) or (c, h, w)");
        return in.with(0, channels);
    }

    @Override
    public boolean mixesPositions() {
        return true;
    }

    private boolean hasBias() {
        return !Double.isNaN(bStd);
    }

    private double biasVariance() {
        return hasBias() ? bStd * bStd : 0;
    }

    // ---- infinite width ----

    @Override
    public Covariance covariance(Covariance k) {
        out(k.shape());
        return weights == AttentionWeights.DOT_PRODUCT ? randomWeights(k) : fixedWeights(k);
    }

    /** With S the sum over all pairs of positions: {@code K' = s K S(K^2) + b^2}, {@code Theta' = s (2 K S(K Theta) + S(K^2) (Theta + 4 K)) + b^2}. */
    private Covariance randomWeights(Covariance k) {
        int[] positions = IntStream.range(0, k.positionAxes()).toArray();
        Tensor nngp = k.nngp();
        Tensor ntk = k.ntk();
        double s = qkStd * qkStd * ovStd * ovStd;
        Tensor squares = nngp.square().sumKeep(positions);
        Tensor tangent = nngp.mul(nngp.mul(ntk).sumKeep(positions)).mul(2).add(squares.mul(ntk.add(nngp.mul(4))));
        return k.behind(nngp.mul(squares).mul(s).add(biasVariance()), tangent.mul(s).add(biasVariance()), out(k.shape()));
    }

    /** With the weights A and A' of both examples: {@code K' = ov^2 A K A'^T + b^2}, {@code Theta' = ov^2 A Theta A'^T + 2 ov^2 A K A'^T + b^2}. */
    private Covariance fixedWeights(Covariance k) {
        Tensor[] each = k.betweenPositionsOfEach();
        int positions = k.shape().rank() - 1;
        int examples = each[0] == each[1] ? 1 : 2;
        Tensor left = zeta(matrices(each[0], positions));
        Tensor right = zeta(matrices(each[1], positions));
        if (examples == 2) {
            left = left.unsqueeze(1);
            right = right.unsqueeze(0);
        }
        Tensor nngp = weighed(left, k.nngp(), right, positions, examples);
        Tensor ntk = weighed(left, k.ntk(), right, positions, examples);
        return k.behind(nngp.add(biasVariance()), ntk.add(nngp.mul(2)).add(biasVariance()), out(k.shape()));
    }

    private Tensor zeta(Tensor covariance) {
        Tensor x = covariance.mul(qkStd);
        return switch (weights) {
            case TIED_SOFTMAX -> x.softmax(-1);
            case TIED_RELU -> x.relu();
            case TIED_ABS -> x.abs();
            case TIED, DOT_PRODUCT -> x;
        };
    }

    private Tensor weighed(Tensor left, Tensor k, Tensor right, int positions, int examples) {
        int[] front = k.shape().dims();
        Tensor out = left.matmul(matrices(k, positions)).matmul(right.transpose(-1, -2)).mul(ovStd * ovStd);
        // (n..., h, w, h', w') to (h, h', w, w', n...)
        int[] apart = new int[front.length];
        int[] order = new int[front.length];
        for (int i = 0; i < examples; i++) {
            apart[i] = front[2 * positions + i];
            order[2 * positions + i] = i;
        }
        for (int i = 0; i < positions; i++) {
            apart[examples + i] = front[2 * i];
            apart[examples + positions + i] = front[2 * i + 1];
            order[2 * i] = examples + i;
            order[2 * i + 1] = examples + positions + i;
        }
        return out.reshape(apart).permute(order).contiguous();
    }

    /** (h, h', w, w', n...) to (n..., h w, h' w'). */
    private static Tensor matrices(Tensor k, int positions) {
        int examples = k.rank() - 2 * positions;
        int[] order = new int[k.rank()];
        int[] together = new int[examples + 2];
        together[examples] = 1;
        together[examples + 1] = 1;
        for (int i = 0; i < examples; i++) {
            order[i] = 2 * positions + i;
            together[i] = k.dim(2 * positions + i);
        }
        for (int i = 0; i < positions; i++) {
            order[examples + i] = 2 * i;
            order[examples + positions + i] = 2 * i + 1;
            together[examples] *= k.dim(2 * i);
            together[examples + 1] *= k.dim(2 * i + 1);
        }
        return k.permute(order).reshape(together);
    }

    // ---- finite width ----

    /** key, value and, unless tied, query (heads width, in), out (channels, heads width), bias (channels), all standard normal. */
    private record Finite(AttentionLayer layer, int in) implements Module {
        @Override
        public Params params(Random random) {
            int inner = layer.heads * layer.width;
            Params p = Params.of("key", normal(random, inner, in));
            if (layer.weights == AttentionWeights.DOT_PRODUCT) p = p.with("query", normal(random, inner, in));
            p = p.with("value", normal(random, inner, in)).with("out", normal(random, layer.channels, inner));
            return layer.hasBias() ? p.with("bias", normal(random, layer.channels)) : p;
        }

        private static Tensor normal(Random random, int... shape) {
            return random.normal(Shape.of(shape), DType.FLOAT32);
        }

        @Override
        public Tensor forward(Tensor x, Bound at) {
            Tensor steps = x.flatten(2).transpose(1, 2);
            Tensor keys = heads(steps, at.param("key"));
            boolean random = layer.weights == AttentionWeights.DOT_PRODUCT;
            Tensor queries = random ? heads(steps, at.param("query")) : keys;
            double scale = 1 / (in * (random ? Math.sqrt(layer.width) : layer.width));
            Tensor weights = layer.zeta(queries.matmul(keys.transpose(-1, -2)).mul(scale));
            Tensor seen = weights.matmul(heads(steps, at.param("value"))).transpose(1, 2).flatten(2);
            Tensor y = Functional.linear(seen, at.param("out"), null).mul(layer.ovStd / Math.sqrt((double) layer.heads * layer.width * in));
            if (layer.hasBias()) y = y.add(at.param("bias").mul(layer.bStd));
            return y.transpose(1, 2).reshape(x.shape().with(1, layer.channels));
        }

        /** (n, l, c) to (n, heads, l, width). */
        private Tensor heads(Tensor steps, Tensor weight) {
            return Functional.linear(steps, weight, null).reshape(steps.dim(0), steps.dim(1), layer.heads, layer.width).transpose(1, 2);
        }
    }
}
