package lemma.ntk;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import lemma.nn.Bound;
import lemma.nn.Module;
import lemma.nn.Params;
import lemma.optim.MuP.Role;
import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/** Self-attention over all positions; {@link Stax#selfAttention}. */
record AttentionLayer(int channels, int heads, int width, AttentionWeights weights, double qkStd, double ovStd, double bStd, Parametrization parametrization, Role role) implements Network {
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
        return new Finite(this, in.dim(0), inner(in.dim(0)), outer());
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

    // ---- parametrisation ----

    @Override
    public boolean hasWeights() {
        return true;
    }

    @Override
    public Network parametrized(Parametrization other, Role place) {
        if (other == Parametrization.STANDARD) throw new IllegalArgumentException("Stax.selfAttention: no standard parametrisation, as only products of standard deviations are given; use NTK, MEAN_FIELD or MUP");
        return new AttentionLayer(channels, heads, width, weights, qkStd, ovStd, bStd, other, place);
    }

    /** Of keys, queries and values: from what this layer meets to its heads. */
    private LayerScales inner(int in) {
        return new Scales(1, Double.NaN, parametrization, Places.of(Places.meetsInputs(role), false)).at(in, in, heads * width);
    }

    /** Of the outputs: from the heads to what this layer gives. */
    private LayerScales outer() {
        return new Scales(ovStd, bStd, parametrization, Places.of(false, Places.givesOutputs(role))).at(heads * width, heads * width, channels);
    }

    @Override
    public double sgdFactor(Shape in) {
        out(in);
        return outer().rate();
    }

    @Override
    public Map<String, Double> adamFactors(Shape in) {
        out(in);
        LayerScales outer = outer();
        double adam = inner(in.dim(0)).weightAdam();
        Map<String, Double> factors = new LinkedHashMap<>(Map.of("key", adam, "value", adam, "out", outer.weightAdam()));
        if (weights == AttentionWeights.DOT_PRODUCT) factors.put("query", adam);
        if (outer.hasBias()) factors.put("bias", outer.biasAdam());
        return factors;
    }

    // ---- infinite width ----

    @Override
    public Covariance covariance(Covariance k) {
        out(k.shape());
        return weights == AttentionWeights.DOT_PRODUCT ? randomWeights(k) : fixedWeights(k);
    }

    /**
     * With S the sum over all pairs of positions: {@code K' = s K S(K^2) + b^2} and, in the NTK parametrisation,
     * {@code Theta' = s (2 K S(K Theta) + S(K^2) (Theta + 4 K)) + b^2}: queries, keys, values and outputs have a K each.
     */
    private Covariance randomWeights(Covariance k) {
        int[] positions = IntStream.range(0, k.positionAxes()).toArray();
        Tensor nngp = k.nngp();
        Tensor ntk = k.ntk();
        Tensor squares = nngp.square().sumKeep(positions).mul(qkStd * qkStd);
        Tensor seen = nngp.mul(squares);
        Tensor passed = nngp.mul(nngp.mul(ntk).sumKeep(positions)).mul(2 * qkStd * qkStd).add(squares.mul(ntk));
        return weighed(k, seen, passed.add(seen.mul(3 * inner(k.shape().dim(0)).weightGain())));
    }

    /** Behind the layer of outputs: {@code seen} is the kernel of the heads, {@code tangent} that of all parameters so far. */
    private Covariance weighed(Covariance k, Tensor seen, Tensor tangent) {
        LayerScales o = outer();
        Tensor own = seen.mul(o.weightGain()).add(o.biasGain());
        Tensor ntk = tangent.mul(o.weightVariance()).add(own);
        return k.behind(seen.mul(o.weightVariance()).add(o.biasVariance()), o.rate() == 1 ? ntk : ntk.mul(o.rate()), out(k.shape()));
    }

    /** With the weights A and A' of both examples {@code K' = ov^2 A K A'^T + b^2}; in the NTK parametrisation {@code Theta' = ov^2 A Theta A'^T + 2 ov^2 A K A'^T + b^2}. */
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
        Tensor seen = mixed(left, k.nngp(), right, positions, examples);
        Tensor passed = mixed(left, k.ntk(), right, positions, examples);
        return weighed(k, seen, passed.add(seen.mul(inner(k.shape().dim(0)).weightGain())));
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

    private static Tensor mixed(Tensor left, Tensor k, Tensor right, int positions, int examples) {
        int[] front = k.shape().dims();
        Tensor out = left.matmul(matrices(k, positions)).matmul(right.transpose(-1, -2));
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

    /** key, value and, unless tied, query (heads width, in), out (channels, heads width), bias (channels). */
    private record Finite(AttentionLayer layer, int in, LayerScales inner, LayerScales outer) implements Module {
        @Override
        public Params params(Random random) {
            int all = layer.heads * layer.width;
            Params p = Params.of("key", inner.weights(random, all, in));
            if (layer.weights == AttentionWeights.DOT_PRODUCT) p = p.with("query", inner.weights(random, all, in));
            p = p.with("value", inner.weights(random, all, in)).with("out", outer.weights(random, layer.channels, all));
            return outer.hasBias() ? p.with("bias", outer.biases(random, layer.channels)) : p;
        }

        @Override
        public Tensor forward(Tensor x, Bound at) {
            Tensor steps = x.flatten(2).transpose(1, 2);
            Tensor keys = heads(steps, at.param("key"));
            boolean random = layer.weights == AttentionWeights.DOT_PRODUCT;
            Tensor queries = random ? heads(steps, at.param("query")) : keys;
            double scale = inner.weightGain() / (in * (random ? Math.sqrt(layer.width) : layer.width));
            Tensor weights = layer.zeta(queries.matmul(keys.transpose(-1, -2)).mul(scale));
            Tensor seen = weights.matmul(heads(steps, at.param("value"))).transpose(1, 2).flatten(2);
            Tensor y = Functional.linear(seen, at.param("out"), null).mul(inner.weight() * outer.weight());
            if (outer.hasBias()) y = y.add(outer.added(at.param("bias")));
            return y.transpose(1, 2).reshape(x.shape().with(1, layer.channels));
        }

        /** (n, l, c) to (n, heads, l, width). */
        private Tensor heads(Tensor steps, Tensor weight) {
            return Functional.linear(steps, weight, null).reshape(steps.dim(0), steps.dim(1), layer.heads, layer.width).transpose(1, 2);
        }
    }
}
